import { createRequire } from 'node:module';
import type client from '@kafkajs/confluent-schema-registry/dist/api/index.js';
import { z } from 'zod';
import { PulseError } from '../../../errors.ts';
import type { SchemaRegistry, SchemaStanding } from '../schema-registry.ts';
import { canRead } from '../can-read.ts';
import { answerOf, refused, type RegistryAnswer, unavailable } from './registry-answer.ts';

/** Its default is the default of its default, or not, depending on who imports it: it is required instead. */
const { default: createApi } = createRequire(import.meta.url)(
  '@kafkajs/confluent-schema-registry/dist/api/index.js',
) as typeof client;

export interface ConfluentRegistryOptions {
  /** Without credentials. */
  readonly url: string;
  readonly auth?: { readonly username: string; readonly password: string };
}

/** From the start of a request to its answer's last byte: a signal to stop must not wait for longer than 5 s in all. */
const ANSWERS_WITHIN_MS = 3_000;

const registered = z.object({ id: z.number().int().nonnegative() });
const configured = z.object({ compatibilityLevel: z.string() });
const found = z.object({ schema: z.string(), schemaType: z.string().optional() });

/** Levels that hold a subject compatible backwards. */
const backwardLevels: readonly string[] = ['BACKWARD', 'BACKWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'];

type Parameters = Readonly<Record<string, string | number | object>>;

/**
 * A registry with Confluent's API. Of its client the requests are used, and not the class around them: that one sets a
 * subject's compatibility only after it has registered, so the first schema it brings is taken unchecked; it encodes
 * asynchronously; and it remembers no refusal.
 */
export class ConfluentRegistry implements SchemaRegistry {
  readonly #where: string;
  readonly #api: ReturnType<typeof createApi>;

  constructor({ url, auth }: ConfluentRegistryOptions) {
    this.#where = url;
    // What fails is tried again by whoever needs it.
    this.#api = createApi({ host: url, retry: { retries: 0 }, ...(auth && { auth: { ...auth } }) });
  }

  async register(subject: string, schema: string): Promise<number> {
    const isChecked = await this.#holdBackward(subject);
    const answer = await this.#ask(this.#api.Subject.register, { subject, body: { schema } });
    if (answer.kind === 'refused') throw this.#refusal(subject, answer);
    if (!isChecked) await this.#holdBackward(subject);
    return this.#parsed(registered, answer.data).id;
  }

  async find(id: number): Promise<string | undefined> {
    const answer = await this.#ask(this.#api.Schema.find, { id });
    if (answer.kind === 'refused') {
      // Any server says 404. That rows can't be read is to be heard from a registry alone.
      const subjects = await this.#ask(this.#api.Subject.all, {});
      this.#parsed(z.array(z.string()), subjects.kind === 'done' ? subjects.data : undefined);
      return undefined;
    }
    const { schema, schemaType = 'AVRO' } = this.#parsed(found, answer.data);
    return schemaType === 'AVRO' ? schema : undefined;
  }

  async standing(subject: string, schema: string): Promise<SchemaStanding> {
    const given = { subject, body: { schema } };
    if ((await this.#ask(this.#api.Subject.registered, given)).kind === 'done') return 'held';
    const subjects = await this.#ask(this.#api.Subject.all, {});
    const known = this.#parsed(z.array(z.string()), subjects.kind === 'done' ? subjects.data : undefined);
    if (!known.includes(subject)) return 'absent';
    // A subject that is not held to anything yet would call everything compatible: it is judged here.
    const latest = await this.#ask(this.#api.Subject.latestVersion, { subject });
    const { schema: before } = this.#parsed(found, latest.kind === 'done' ? latest.data : undefined);
    return canRead(schema, before) ? 'compatible' : 'incompatible';
  }

  /** Sets the subject to BACKWARD unless it is held to as much. False where it can't be before it has a schema. */
  async #holdBackward(subject: string): Promise<boolean> {
    const config = await this.#ask(this.#api.Subject.config, { subject });
    const level = config.kind === 'done' ? this.#parsed(configured, config.data).compatibilityLevel : 'NONE';
    if (backwardLevels.includes(level)) return true;
    if (level !== 'NONE')
      throw refused(this.#where, `holds the subject ${subject} to ${level}: set its compatibility to BACKWARD`);
    const set = await this.#ask(this.#api.Subject.updateConfig, { subject, body: { compatibility: 'BACKWARD' } });
    return set.kind === 'done';
  }

  #refusal(subject: string, { status, message }: RegistryAnswer & { readonly kind: 'refused' }): PulseError {
    if (status !== 409) return refused(this.#where, `does not take the schema of ${subject} (${status}): ${message}`);
    return new PulseError(
      'schema-incompatible',
      `the schema of ${subject} is not compatible with the one before: ${message}. Its readers would break: give what has ` +
        'changed a new name, or work in another namespace',
    );
  }

  #parsed<Parsed>(shape: z.ZodType<Parsed>, data: unknown): Parsed {
    const parsed = shape.safeParse(data);
    if (parsed.success) return parsed.data;
    throw refused(this.#where, 'does not answer as a schema registry does: check SCHEMA_REGISTRY_URL');
  }

  async #ask(
    request: (given: Parameters) => Promise<{ data(): unknown }>,
    parameters: Parameters,
  ): Promise<RegistryAnswer> {
    const deadline = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    const answer = request({ ...parameters, signal: deadline }).then(
      (response): RegistryAnswer => ({ kind: 'done', data: response.data() }),
      (error: unknown) => {
        if (!deadline.aborted) return answerOf(error, this.#where);
        throw this.#tooLate();
      },
    );
    // The client waits for ever for an answer that was broken off: it never hears its end.
    return Promise.race([answer, rejectsAt(deadline, () => this.#tooLate())]);
  }

  #tooLate(): PulseError {
    return unavailable(this.#where, `${ANSWERS_WITHIN_MS} ms have passed`);
  }
}

const rejectsAt = (signal: AbortSignal, reason: () => PulseError): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(reason()), { once: true }));
