package io.vigie.incident.compromise;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.OpenWork;

import static io.vigie.kernel.Problem.conflict;

/** An incident is not over while an asset counts as compromised by it. */
@ApplicationScoped
class DeclaredCompromises implements OpenWork {

  @Override
  public Uni<Void> requireNone(UUID incident) {
    return Compromise.count("incident = ?1 and state = ?2", incident, CompromiseState.DECLARED)
        .invoke(
            declared -> {
              if (declared > 0) {
                throw conflict(
                    "incident-compromises-declared",
                    declared
                        + " compromises of its assets are declared. Have the CISO lift them once"
                        + " the assets are clean.");
              }
            })
        .replaceWithVoid();
  }
}
