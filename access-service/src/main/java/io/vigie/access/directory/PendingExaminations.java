package io.vigie.access.directory;

import java.util.Collection;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/**
 * Accounts that are to be looked at, one row each however often one is marked; within a session or
 * a transaction.
 */
@ApplicationScoped
class PendingExaminations {

  /**
   * @param mark another one each time that an account is marked
   */
  record Pending(String account, long mark) {}

  Uni<Void> mark(Collection<String> accounts) {
    if (accounts.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into directory_examination (account)
                        select each from unnest(cast(?1 as text[])) as each order by each
                        on conflict (account) do update set mark = default""")
                    .setParameter(1, accounts.stream().distinct().toArray(String[]::new))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** The next ones by the account's id; the first ones after an empty one. */
  Uni<List<Pending>> after(String account, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select account, mark from directory_examination
                        where account > ?1 order by account""",
                        Object[].class)
                    .setParameter(1, account)
                    .setMaxResults(limit)
                    .getResultList())
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Pending((String) row[0], ((Number) row[1]).longValue()))
                    .toList());
  }

  /** It was looked at; it stays where it was marked again since it was read here. */
  Uni<Void> finish(Pending pending) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "delete from directory_examination where account = ?1 and mark = ?2")
                    .setParameter(1, pending.account())
                    .setParameter(2, pending.mark())
                    .executeUpdate())
        .replaceWithVoid();
  }
}
