/** Lets parts know that something has changed, not what. */
export interface Notice {
  give(): void;
  /** Calls at each change; what it does must not throw. */
  follow(changed: () => void): void;
}

export function createNotice(): Notice {
  const followers: (() => void)[] = [];
  return {
    give() {
      for (const changed of followers) changed();
    },
    follow: (changed) => void followers.push(changed),
  };
}
