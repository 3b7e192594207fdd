package io.vigie.asset.disposal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What other services report of assets that are out of use: nobody has rights on it any more, and
 * somebody decided about its copies. Both refuse new rights and plans for it from then on. No
 * report counts as no.
 */
@ApplicationScoped
class Clearances implements EventListener {

  private static final String RIGHTS_ENDED = "asset-rights.ended.v1";
  private static final String BACKUPS_SETTLED = "asset-backups.settled.v1";

  /** What is missing until it is reported. */
  private enum Clearance {
    RIGHTS("access-service has not reported that nobody has rights on the asset"),
    BACKUPS("backup-service has not reported a decision about the asset's copies");

    private final String missing;

    Clearance(String missing) {
      this.missing = missing;
    }
  }

  private record Report(UUID aggregateId, Instant retiredAt) {}

  private final Instance<Inbox> inbox;

  Clearances(Instance<Inbox> inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "clearances";
  }

  @Incoming("backup-clearances")
  Uni<Void> receiveBackups(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Incoming("access-clearances")
  Uni<Void> receiveRights(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public boolean knows(String type) {
    return type.equals(RIGHTS_ENDED) || type.equals(BACKUPS_SETTLED);
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return keep(
        event.type().equals(RIGHTS_ENDED) ? Clearance.RIGHTS : Clearance.BACKUPS,
        event.data(Report.class));
  }

  private static Uni<Void> keep(Clearance clearance, Report report) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        insert into clearance (asset_id, clearance, retired_at) values (?1, ?2, ?3)
                        on conflict (asset_id, clearance) do update
                        set retired_at = greatest(clearance.retired_at, excluded.retired_at)""")
                    .setParameter(1, report.aggregateId())
                    .setParameter(2, clearance.name())
                    .setParameter(3, report.retiredAt().atOffset(ZoneOffset.UTC))
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** What nobody has reported of this asset, in words; empty when it may leave. */
  Uni<List<String>> missing(UUID asset) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(
                        """
                        select clearance from clearance c join asset a on a.id = c.asset_id
                        where c.asset_id = ?1 and c.retired_at = a.retired_at""",
                        String.class)
                    .setParameter(1, asset)
                    .getResultList())
        .map(
            reported -> {
              List<String> missing = new ArrayList<>();
              for (Clearance each : Clearance.values()) {
                if (!reported.contains(each.name())) {
                  missing.add(each.missing);
                }
              }
              return missing;
            });
  }
}
