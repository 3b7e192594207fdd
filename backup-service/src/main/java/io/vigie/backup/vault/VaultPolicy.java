package io.vigie.backup.vault;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;

/** For how long somebody may touch backups: {@code vault.json}. */
@ApplicationScoped
class VaultPolicy {

  private record Accesses(int maxMinutes) {}

  private record Requests(int decideWithinHours) {}

  private record Table(Accesses accesses, Requests requests) {}

  private final Table table = PolicyTable.read("vault", Table.class);

  int longestMinutes() {
    return table.accesses().maxMinutes();
  }

  /** After which a request that nobody decided on lapses. */
  Duration decideWithin() {
    return Duration.ofHours(table.requests().decideWithinHours());
  }
}
