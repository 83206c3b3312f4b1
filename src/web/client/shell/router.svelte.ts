import { type PagePath, pagePaths } from '../../contract.ts';

/**
 * Which page is open, and where on it: the address bar holds both. A page reads and writes its own query; it is kept while
 * another page is open, so that one comes back to where one was.
 */
class Router {
  path: PagePath = $state(pathOf(window.location.pathname));
  #searches: Readonly<Partial<Record<PagePath, string>>> = $state.raw({});
  readonly #listeners = new Map<PagePath, (search: string) => void>();

  constructor() {
    this.#searches = { [this.path]: window.location.search };
    window.addEventListener('popstate', () => {
      this.path = pathOf(window.location.pathname);
      this.#searches = { ...this.#searches, [this.path]: window.location.search };
      this.#listeners.get(this.path)?.(window.location.search);
    });
  }

  /** The page's query as it was left, with its question mark; empty where there is none. */
  searchOf(path: PagePath): string {
    return this.#searches[path] ?? '';
  }

  hrefOf(path: PagePath): string {
    return `${path}${this.searchOf(path)}`;
  }

  /** Opens another page. */
  open(path: PagePath): void {
    if (path === this.path) return;
    window.history.pushState(null, '', this.hrefOf(path));
    this.path = path;
    window.scrollTo(0, 0);
  }

  /** The page is at another place now. */
  replace(path: PagePath, search: string): void {
    this.#searches = { ...this.#searches, [path]: search };
    if (path === this.path) window.history.replaceState(null, '', this.hrefOf(path));
  }

  /** Calls back when somebody went back or forward to another place of the page. One listener a page. */
  onArrival(path: PagePath, arrived: (search: string) => void): void {
    this.#listeners.set(path, arrived);
  }
}

const pathOf = (pathname: string): PagePath => pagePaths.find((path) => path === pathname) ?? pagePaths[0];

export const router = new Router();
