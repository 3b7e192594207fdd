package io.vigie.access.person;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;

/**
 * An account is one person's or one service's, for ever (R4.4). Within each the database sees to
 * that; between the two, whoever takes an account locks its subject until the transaction ends.
 */
final class Accounts {

  private Accounts() {}

  /** Fails with 409 when the account is, or was, a service's; {@code subject} may be null. */
  static Uni<Void> requireNoService(String subject) {
    return requireFree(subject, "ServiceAccount where subject = ?1", "account-of-service");
  }

  /** Fails with 409 when the account is, or was, a person's. */
  static Uni<Void> requireNoPerson(String subject) {
    return requireFree(subject, "Person where details.subject = ?1", "account-of-person");
  }

  private static Uni<Void> requireFree(String subject, String holders, String code) {
    if (subject == null) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .call(
            session ->
                session
                    .createNativeQuery(
                        "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                        Integer.class)
                    .setParameter(1, "account/" + subject)
                    .getSingleResult())
        .chain(
            session ->
                session
                    .createSelectionQuery("select count(*) from " + holders, Long.class)
                    .setParameter(1, subject)
                    .getSingleResult())
        .invoke(
            found -> {
              if (found > 0) {
                throw Problem.conflict(
                    code, "This account is in use already. Each has one holder, for ever.");
              }
            })
        .replaceWithVoid();
  }
}
