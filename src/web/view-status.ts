/** How far the server's view of the topics is. */
export interface ViewStatus {
  /** `catching-up` until it has reached the ends that the log had at the server's start. */
  readonly state: 'waiting' | 'catching-up' | 'live' | 'failing';
  /** Records of the topics that it has not read yet, as of the last read. */
  readonly behind: number;
  /** Whether the first coins have come, and those that were published with them are on their way: see `Arrival`. */
  readonly isArriving: boolean;
  readonly message: string | null;
}
