package io.vigie.access.review;

import java.time.Instant;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * Notes which revocations the directory has. Each was carried out in the transaction of the answer,
 * which also marked its person in the directory's queue; the mark goes when the directory has it.
 * Once that was seen it counts, whatever else waits for this person later. What is nothing in the
 * directory, a program too, waits for somebody who says so ({@link ConfirmationResource}).
 */
final class Confirmation {

  private static final String CONFIRM =
      """
      update review v set confirmed_at = ?1 from entitlement e
      where v.state = 'REVOKED' and v.confirmed_at is null and e.id = v.entitlement_id
        and e.directory_kind is not null
        and not exists (select from directory_change d where d.person_id = v.person_id)""";

  /** One that ends is marked by its account ({@code directory_mark_program}). */
  private static final String CONFIRM_PROGRAMS =
      """
      update review v set confirmed_at = ?1 from service_account s
      where v.state = 'REVOKED' and v.confirmed_at is null and s.id = v.service_account_id
        and s.closed_at is not null
        and not exists (select from directory_change d where d.account = s.subject)""";

  /**
   * Of the account {@code s} of a program that a review revoked: whether somebody has to say that
   * it is closed, since there is no directory ({@code :alone}) or that has no such account.
   */
  static final String CLOSED_BY_HAND =
      """
      (cast(:alone as boolean) or s.closed_at is null
        and not exists (select from directory_change d where d.account = s.subject))""";

  /** Who may touch a client's data is told by this service itself. */
  private static final String CONFIRM_CLIENT_ACCESSES =
      """
      update review set confirmed_at = ?1
      where state = 'REVOKED' and confirmed_at is null and client_access_id is not null""";

  private Confirmation() {}

  /** In the present transaction. */
  static Uni<Void> note(Instant now) {
    return Panache.getSession()
        .call(
            session ->
                session.createNativeQuery(CONFIRM).setParameter(1, Rows.utc(now)).executeUpdate())
        .call(
            session ->
                session
                    .createNativeQuery(CONFIRM_PROGRAMS)
                    .setParameter(1, Rows.utc(now))
                    .executeUpdate())
        .call(
            session ->
                session
                    .createNativeQuery(CONFIRM_CLIENT_ACCESSES)
                    .setParameter(1, Rows.utc(now))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
