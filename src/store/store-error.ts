/** The store cannot be read or written: nothing was changed (M9). */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

/** A store of which nothing can be read any more: the start is refused (M9). */
export class StoreLost extends StoreUnavailable {
  override name = 'StoreLost'
}
