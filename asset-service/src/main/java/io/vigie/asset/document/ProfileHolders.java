package io.vigie.asset.document;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Filter;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What business profiles are called and who holds which now, as access-service tells: a document
 * for some profiles is a task of theirs (R5.3). Documents name profiles, and a profile that is
 * renamed is renamed in them.
 */
@ApplicationScoped
class ProfileHolders implements EventListener {

  private static final String CURRENT = "CURRENT";
  private static final String CREATED = "business-profile.created.v1";
  private static final String CHANGED = "business-profile.changed.v1";
  private static final String PROFILE = "business-profile.snapshot.v1";
  private static final String ASSIGNMENT = "profile-assignment.snapshot.v1";
  private static final Set<String> ASSIGNED =
      Set.of(
          "profile-assignment.made.v1",
          "profile-assignment.changed.v1",
          "profile-assignment.begun.v1",
          "profile-assignment.ended.v1");

  /** Of a document, in HQL: it is for this profile. */
  private static final String FOR_PROFILE =
      """
      cast(sql('lower(cast(? as text)) = any (string_to_array(lower(?), chr(10)))',
        :value, sheet.audience.profiles) as Boolean) = true\
      """;

  private record Named(UUID aggregateId, String name) {}

  private record Renamed(UUID aggregateId, Changes changes) {
    record Changes(String name) {}
  }

  private record NamedBefore(UUID aggregateId, State state) {
    record State(String name) {}
  }

  private record Held(UUID aggregateId, UUID person, UUID profile, Changes changes) {
    record Changes(String state) {}
  }

  private record HeldBefore(UUID aggregateId, State state) {
    record State(UUID person, UUID profile, String state) {}
  }

  private final Instance<Inbox> inbox;
  private final Outbox outbox;
  private final Clock clock;

  ProfileHolders(Instance<Inbox> inbox, Outbox outbox, Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "profile-holders";
  }

  @Incoming("profile-holders")
  Uni<Void> receive(ConsumerRecords<String, byte[]> records) {
    return inbox.get().once(this, records);
  }

  @Override
  public boolean knows(String type) {
    return ASSIGNED.contains(type)
        || type.equals(CREATED)
        || type.equals(CHANGED)
        || type.equals(PROFILE)
        || type.equals(ASSIGNMENT);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    switch (event.type()) {
      case CREATED:
        Named created = event.data(Named.class);
        return nameProfile(created.aggregateId(), created.name());
      case CHANGED:
        Renamed renamed = event.data(Renamed.class);
        return renamed.changes().name() == null
            ? Uni.createFrom().voidItem()
            : nameProfile(renamed.aggregateId(), renamed.changes().name());
      case PROFILE:
        NamedBefore known = event.data(NamedBefore.class);
        return nameProfile(known.aggregateId(), known.state().name());
      case ASSIGNMENT:
        HeldBefore before = event.data(HeldBefore.class);
        return hold(
            before.aggregateId(),
            before.state().person(),
            before.state().profile(),
            before.state().state());
      default:
        Held held = event.data(Held.class);
        return held.changes().state() == null
            ? Uni.createFrom().voidItem()
            : hold(held.aggregateId(), held.person(), held.profile(), held.changes().state());
    }
  }

  private Uni<Void> nameProfile(UUID profile, String name) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        "select name from business_profile where profile_id = ?1", String.class)
                    .setParameter(1, profile)
                    .getSingleResultOrNull())
        .call(() -> keepName(profile, name))
        .chain(
            before ->
                before == null || before.equalsIgnoreCase(name)
                    ? Uni.createFrom().voidItem()
                    : follow(before, name));
  }

  private static Uni<Void> keepName(UUID profile, String name) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into business_profile (profile_id, name) values (?1, ?2)
                        on conflict (profile_id) do update set name = excluded.name""")
                    .setParameter(1, profile)
                    .setParameter(2, name)
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** Documents keep the name before where they cannot have the new one, and show it as unknown. */
  private Uni<Void> follow(String before, String name) {
    if (!name.matches(Audience.NAME)) {
      return Uni.createFrom().voidItem();
    }
    Filter concerned =
        new Filter().where(FOR_PROFILE, before).where("state <> :value", DocumentState.WITHDRAWN);
    Instant now = clock.instant();
    return Document.<Document>list(concerned.query(), concerned.parameters())
        .chain(
            documents ->
                outbox.append(
                    documents.stream()
                        .map(
                            document ->
                                new Outbox.Decided(
                                    document, List.of(document.renameProfile(before, name, now))))
                        .toList()));
  }

  /** Those of these names that no profile has by what access-service told. */
  Uni<Set<String>> unknown(Collection<String> names) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select distinct asked from unnest(cast(?1 as text[])) asked
                        where not exists
                          (select from business_profile b where lower(b.name) = lower(asked))""",
                        String.class)
                    .setParameter(1, names.toArray(String[]::new))
                    .getResultList())
        .map(Set::copyOf);
  }

  private static Uni<Void> hold(UUID assignment, UUID person, UUID profile, String state) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into held_profile (assignment_id, person_id, profile_id, is_current)
                        values (?1, ?2, ?3, ?4)
                        on conflict (assignment_id) do update set is_current = excluded.is_current""")
                    .setParameter(1, assignment)
                    .setParameter(2, person)
                    .setParameter(3, profile)
                    .setParameter(4, state.equals(CURRENT))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
