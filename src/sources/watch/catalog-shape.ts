/** How large a catalog is, as far as it decides how to watch it, and over what it is reached. */
export interface CatalogShape {
  /** All services that are listed, exposed or not. */
  readonly listed: number;
  /** Services that are watched. */
  readonly services: number;
  /** Instances of the watched services. */
  readonly instances: number;
  /** 0 where the product does not tell. */
  readonly nodes: number;
  /** 1 over HTTP/1.1, some hundreds over HTTP/2. */
  readonly requestsPerConnection: number;
}
