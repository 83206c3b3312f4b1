import type { SchedulerLike } from 'rxjs';
import type { ViewIdentity, ViewStore } from '../../state/view-store.ts';
import type { FeatureDeclaration } from '../../streams/4-gold/feature.ts';
import type { Log } from '../../streams/log/log.ts';
import type { RowReader } from '../../streams/rows/row-format.ts';
import type { Namespace } from '../../streams/topics.ts';
import type { FlushPace } from './flusher.ts';
import type { GatewayLimits } from './gateway/gateway-limits.ts';
import type { LakeReader } from './lake/lake-reader.ts';
import type { Logger } from './logger.ts';
import type { DiskFigures } from './pipeline/disk-figures.ts';
import type { ReplayReader } from './replay/replay-reader.ts';
import type { LabFolder } from './skew/lab-folder.ts';
import type { TimelapseControls } from './timelapse/timelapse-controls.ts';
import type { NameSource } from './view/name-reader.ts';

/** What the dashboard's server is built with. */
export interface WebServerOptions {
  readonly log: Log;
  /** Reads the rows that lie in the topics. */
  readonly rows: RowReader;
  readonly namespace: Namespace;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Reads the lake; the server closes it. */
  readonly lake: LakeReader;
  /** Opens the store of the materialised view; the server closes it. */
  readonly openView: (identity: ViewIdentity) => Promise<ViewStore>;
  /** What the stores take of the disk and how far the lake has come; nothing is told of it where it is absent. */
  readonly disk?: () => Promise<DiskFigures>;
  readonly skewLab: LabFolder;
  /** Finds the namespace's replays; none are told of where it is absent. */
  readonly replays?: ReplayReader;
  /** What plays the namespace's quotes, where they are a time-lapse that this process plays. */
  readonly timelapse?: TimelapseControls;
  /** Where to learn the coins' names, if not from the namespace's own quotes: a replay's are another namespace's. */
  readonly namedIn?: () => Promise<NameSource | undefined>;
  /** The folder of the built page. */
  readonly staticPath: string;
  readonly features: readonly FeatureDeclaration[];
  readonly moverFeatures: readonly FeatureDeclaration[];
  /** Origins, besides the server's own, whose pages may open the websocket, as in `https://example.org`. */
  readonly allowedOrigins?: readonly string[];
  readonly scheduler?: SchedulerLike;
  readonly logger?: Logger;
  readonly pace?: FlushPace;
  readonly limits?: Partial<GatewayLimits>;
}
