package io.vigie.access.review;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * How far a campaign is.
 *
 * @param suspended rights, and accounts of programs, that nobody certified, and that give nothing
 * @param inEffect rights that nobody certified, and that are in effect
 * @param moot rights that ended otherwise before anybody certified or revoked them
 * @param unconfirmed revocations that neither the directory nor who answers for it has confirmed
 * @param examples ids of some that are unconfirmed or, where none is, of some that are undecided
 */
record Count(
    long certified,
    long reduced,
    long revoked,
    long suspended,
    long inEffect,
    long moot,
    long unconfirmed,
    String examples) {

  /**
   * What an item {@code v} is about: a right {@code r}, the account {@code s} of a program, or an
   * access {@code x} to a client's data.
   */
  static final String REVIEWED =
      """
      left join access_right r on r.id = v.right_id
      left join service_account s on s.id = v.service_account_id
      left join client_access x on x.id = v.client_access_id""";

  /** Whether that was approved, or registered, and did not end. */
  static final String LIVES =
      """
      coalesce(r.state, s.state, x.state) in ('APPROVED', 'ACTIVE', 'SUSPENDED')
      and coalesce(r.valid_until, s.valid_until, x.valid_until, 'infinity') > ?2""";

  private static final String COUNT =
      """
      select count(*) filter (where v.state = 'CERTIFIED') as certified,
        count(*) filter (where v.state = 'REDUCED') as reduced,
        count(*) filter (where v.state = 'REVOKED') as revoked,
        count(*) filter (where v.state = 'PENDING' and coalesce(r.state, s.state, x.state) = 'SUSPENDED' and %1$s) as suspended,
        count(*) filter (where v.state = 'PENDING' and coalesce(r.state, s.state, x.state) <> 'SUSPENDED' and %1$s) as in_effect,
        count(*) filter (where v.state = 'PENDING' and not (%1$s)) as moot,
        count(*) filter (where v.state = 'REVOKED' and v.confirmed_at is null) as unconfirmed
      from review v %2$s
      where v.campaign_id = ?1"""
          .formatted(LIVES, REVIEWED);

  private static final String EXAMPLES =
      """
      select coalesce(string_agg(cast(id as text), ', '), '') from
        (select v.id from review v %s
         where v.campaign_id = ?1 and (v.state = 'REVOKED' and v.confirmed_at is null
           or cast(?3 as bigint) = 0 and v.state = 'PENDING' and %s)
         order by v.id limit 10) first_ten"""
          .formatted(REVIEWED, LIVES);

  /** Of {@code campaign} at {@code now}. */
  static Uni<Count> of(UUID campaign, Instant now) {
    OffsetDateTime time = Rows.utc(now);
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(COUNT, Object[].class)
                    .setParameter(1, campaign)
                    .setParameter(2, time)
                    .getSingleResult()
                    .chain(
                        row ->
                            session
                                .createNativeQuery(EXAMPLES, String.class)
                                .setParameter(1, campaign)
                                .setParameter(2, time)
                                .setParameter(3, number(row, 6))
                                .getSingleResult()
                                .map(examples -> of(row, examples))));
  }

  private static Count of(Object[] row, String examples) {
    return new Count(
        number(row, 0),
        number(row, 1),
        number(row, 2),
        number(row, 3),
        number(row, 4),
        number(row, 5),
        number(row, 6),
        examples);
  }

  private static long number(Object[] row, int column) {
    return ((Number) row[column]).longValue();
  }
}
