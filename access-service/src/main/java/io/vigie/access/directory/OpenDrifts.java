package io.vigie.access.directory;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.access.person.Unsettled;
import io.vigie.kernel.Problem;

/** Findings about a leaver's account that nobody has settled: their account is evidence. */
@ApplicationScoped
class OpenDrifts implements Unsettled {

  private static final List<DriftState> OPEN = List.of(DriftState.OPEN, DriftState.REPAIRING);

  @Override
  public Uni<Void> requireNone(UUID person) {
    return Drift.count("person = ?1 and state in ?2", person, OPEN)
        .invoke(
            open -> {
              if (open > 0) {
                throw Problem.conflict(
                    "account-findings-open",
                    "Findings about this person's account are open, and the account would be deleted."
                        + " Decide on them first.");
              }
            })
        .replaceWithVoid();
  }
}
