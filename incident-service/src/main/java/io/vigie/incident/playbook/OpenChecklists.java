package io.vigie.incident.playbook;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.OpenWork;

import static io.vigie.kernel.Problem.conflict;

/**
 * An incident is not over while a step of its playbook is neither done nor skipped, nor while
 * nobody has said what came of a lesson of it.
 */
@ApplicationScoped
class OpenChecklists implements OpenWork {

  @Override
  public Uni<Void> requireNone(UUID incident) {
    return PlaybookRun.<PlaybookRun>list("incident", incident)
        .invoke(
            runs -> {
              long open = runs.stream().filter(run -> run.state().completedAt() == null).count();
              if (open > 0) {
                throw conflict(
                    "incident-checklists-open",
                    open
                        + " of its checklists are open. Do their steps, or skip them with a reason.");
              }
              int lessons = runs.stream().mapToInt(run -> run.state().lessons()).sum();
              if (lessons > 0) {
                throw conflict(
                    "incident-lessons-open",
                    lessons
                        + " lessons of its checklists are open. Their owners, or the CISO, say what"
                        + " came of them.");
              }
            })
        .replaceWithVoid();
  }
}
