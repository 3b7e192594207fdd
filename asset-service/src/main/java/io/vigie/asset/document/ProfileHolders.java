package io.vigie.asset.document;

import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Who holds which business profile now, as access-service tells: a document for some profiles is a
 * task of theirs (R5.3).
 */
@ApplicationScoped
class ProfileHolders implements EventListener {

  private static final String CURRENT = "CURRENT";
  private static final String CREATED = "business-profile.created.v1";
  private static final String PROFILE = "business-profile.snapshot.v1";
  private static final String ASSIGNMENT = "profile-assignment.snapshot.v1";
  private static final Set<String> ASSIGNED =
      Set.of(
          "profile-assignment.made.v1",
          "profile-assignment.changed.v1",
          "profile-assignment.begun.v1",
          "profile-assignment.ended.v1");

  private record Named(UUID aggregateId, String name) {}

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

  ProfileHolders(Instance<Inbox> inbox) {
    this.inbox = inbox;
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
        || type.equals(PROFILE)
        || type.equals(ASSIGNMENT);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    switch (event.type()) {
      case CREATED:
        Named created = event.data(Named.class);
        return nameProfile(created.aggregateId(), created.name());
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

  private static Uni<Void> nameProfile(UUID profile, String name) {
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
