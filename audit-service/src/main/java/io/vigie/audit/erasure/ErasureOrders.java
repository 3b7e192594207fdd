package io.vigie.audit.erasure;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.payload.DataSubjects;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.kernel.outbox.Outbox;

/** Finds what an erasure is of, and writes it down with its event before any key is destroyed. */
@ApplicationScoped
class ErasureOrders {

  /** The given ids, and the others of the same person; an id that two people had is of neither. */
  private static final String ALL_IDS =
      """
      with asked as (select unnest(string_to_array(?1, E'\\n')) as id),
        own as (
          select person, id from person_alias a where not exists (
            select from person_alias b where b.id = a.id and b.person <> a.person)),
        people as (
          select id as person from asked union select person from own join asked using (id))
      select person from people union select id from own join people using (person) order by 1""";

  private final PersonKeys keys;
  private final Outbox outbox;

  ErasureOrders(PersonKeys keys, Outbox outbox) {
    this.keys = keys;
    this.outbox = outbox;
  }

  Uni<List<String>> allIds(List<String> asked) {
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(ALL_IDS, String.class)
                            .setParameter(1, String.join("\n", asked))
                            .getResultList()));
  }

  /** All keys that there ever were of these ids. It reads files: not for event loops. */
  List<KeyId> keysOf(List<String> ids) {
    return ids.stream().flatMap(id -> keys.of(id).stream()).toList();
  }

  /** Whether this can be the id of a person; several are handed over by lines. */
  static boolean isPerson(String id) {
    return DataSubjects.isPerson(id) && id.indexOf('\n') < 0;
  }

  /**
   * Commits the order, which is carried out from then on, whatever happens; null, and nothing is
   * done, where another answers the same event already.
   */
  Uni<Erasure> place(Erasure erasure) {
    return Panache.withTransaction(
        () ->
            isAnswered(erasure.event())
                .chain(
                    isAnswered ->
                        isAnswered ? Uni.createFrom().<Erasure>nullItem() : keep(erasure)));
  }

  /** Two replicas that see the event at once wait for each other. */
  private static Uni<Boolean> isAnswered(/* nullable */ UUID event) {
    return event == null
        ? Uni.createFrom().item(false)
        : Panache.getSession()
            .chain(
                session ->
                    session
                        .createNativeQuery(
                            "select 1 from pg_advisory_xact_lock(hashtextextended(?1, 0))",
                            Integer.class)
                        .setParameter(1, "erasure/" + event)
                        .getSingleResult())
            .chain(() -> Erasure.count("event", event))
            .map(orders -> orders > 0);
  }

  private Uni<Erasure> keep(Erasure erasure) {
    return erasure
        .<Erasure>persist()
        .call(
            () ->
                outbox.appendFact(
                    "erasure", erasure.id().toString(), erasure.orderedBy(), erasure.ordered()));
  }
}
