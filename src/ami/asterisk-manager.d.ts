/** The part of asterisk-manager 0.2.0 that `connection.ts` uses; the package has no types. */
declare module 'asterisk-manager' {
  /** Without a port it does not connect by itself. */
  class Manager {
    constructor(
      port: undefined,
      host: string,
      username: string,
      password: string,
      events: boolean,
    )
    on(name: 'close' | 'connect', listener: () => void): void
    on(name: 'error', listener: (error: Error) => void): void
    on(name: 'managerevent', listener: (event: Manager.Message) => void): void
    removeListener(name: string, listener: Manager.Answered): void
    connect(port: number, host: string, connected: () => void): void
    /** Calls back without an argument when accepted, with the answer when not. */
    login(answered: (refusal?: Manager.Message) => void): void
    action(fields: Readonly<Record<string, string>>, answered: Manager.Answered): string
  }

  namespace Manager {
    /**
     * One message of Asterisk. Keys are lower case; a repeated key becomes a list,
     * `Variable: name=value` an object.
     */
    type Message = Readonly<
      Record<
        string,
        string | readonly string[] | Readonly<Record<string, string>> | undefined
      >
    >
    type Answered = (refusal: Message | undefined, answer: Message) => void
  }

  export = Manager
}
