package io.vigie.incident.playbook;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.OpenWork;

import static io.vigie.kernel.Problem.conflict;

/** An incident is not over while a step of its playbook is neither done nor skipped. */
@ApplicationScoped
class OpenChecklists implements OpenWork {

  @Override
  public Uni<Void> requireNone(UUID incident) {
    return PlaybookRun.count("incident = ?1 and completedAt is null", incident)
        .invoke(
            open -> {
              if (open > 0) {
                throw conflict(
                    "incident-checklists-open",
                    open
                        + " of its checklists are open. Do their steps, or skip them with a reason.");
              }
            })
        .replaceWithVoid();
  }
}
