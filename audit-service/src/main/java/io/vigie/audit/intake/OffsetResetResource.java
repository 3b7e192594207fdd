package io.vigie.audit.intake;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.intake.IntakeEvent.OffsetsReset;
import io.vigie.audit.intake.IntakeEvent.PartitionReset;
import io.vigie.audit.intake.TopicContents.Range;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Ids;
import io.vigie.kernel.Problem;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.web.Command;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.SYSADMIN;

/** The way on where topics do not have the log's positions any more. */
@Path("/v1/log/offset-reset")
@RolesAllowed(SYSADMIN)
public class OffsetResetResource {

  /**
   * @param reason for whoever reads the log later
   */
  record OffsetReset(@NotNull @Size(min = 1, max = 2000) String reason) {}

  /**
   * @param partitions those that are read from their beginning now, and were not there already
   */
  @Schema(name = "ResetPartitions")
  record View(List<PartitionReset> partitions) {}

  private static final Logger LOG = Logger.getLogger(OffsetResetResource.class);

  private final TopicContents topics;
  private final Outbox outbox;
  private final Actor actor;
  private final Clock clock;

  OffsetResetResource(TopicContents topics, Outbox outbox, Actor actor, Clock clock) {
    this.topics = topics;
    this.outbox = outbox;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Has the log read each topic from its beginning of which a partition begins behind the log's
   * position or ends before it, as after a loss of topics, and leaves the others alone; where there
   * is none, it refuses (409). Events that are logged already are known by their ids. The reset is
   * an event.
   */
  @POST
  @Command
  public Uni<RestResponse<View>> reset(@NotNull @Valid OffsetReset body) {
    String operator = actor.id();
    return Panache.getSession()
        .chain(
            session ->
                lockHead(session)
                    // Behind the lock no position moves, and topics only grow towards it.
                    .chain(() -> VertxContextSupport.executeBlocking(this::ranges))
                    .chain(ranges -> positions(session).map(at -> outOfRange(ranges, at)))
                    .call(resets -> move(session, resets)))
        .map(resets -> new OffsetsReset(Ids.next(), body.reason(), resets, clock.instant()))
        .call(event -> outbox.appendFact("log-offsets", "log-offsets", operator, event))
        .map(event -> RestResponse.ok(new View(event.partitions())));
  }

  /** Until the transaction ends nobody appends to the log. */
  static Uni<Long> lockHead(Mutiny.Session session) {
    return session
        .createNativeQuery("select size from head for update", Long.class)
        .getSingleResult();
  }

  private Map<TopicPartition, Range> ranges() {
    try {
      return topics.ranges();
    } catch (KafkaException e) {
      LOG.warnf("no offset is reset, the broker does not say what topics hold: %s", e.toString());
      throw Problem.unavailable(
          "Kafka does not say what the log's topics hold. Nothing was changed:"
              + " see that it answers, and try again.");
    }
  }

  private static Uni<Map<TopicPartition, Long>> positions(Mutiny.Session session) {
    return session
        .createNativeQuery("select topic, partition, next_offset from log_offset", Object[].class)
        .getResultList()
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.toMap(
                            row -> new TopicPartition((String) row[0], (Integer) row[1]),
                            row -> (Long) row[2])));
  }

  /**
   * All partitions of a topic of which one is out of range: it is another topic than the one that
   * was read, and where it has grown as far, what is before its position was not read either. A
   * partition that was never read is at 0.
   */
  private static List<PartitionReset> outOfRange(
      Map<TopicPartition, Range> ranges, Map<TopicPartition, Long> positions) {
    Set<String> others =
        ranges.entrySet().stream()
            .filter(each -> !each.getValue().has(positions.getOrDefault(each.getKey(), 0L)))
            .map(each -> each.getKey().topic())
            .collect(Collectors.toSet());
    List<PartitionReset> resets =
        ranges.entrySet().stream()
            .filter(each -> others.contains(each.getKey().topic()))
            .map(
                each ->
                    new PartitionReset(
                        each.getKey().topic(),
                        each.getKey().partition(),
                        positions.getOrDefault(each.getKey(), 0L),
                        each.getValue().begin()))
            .filter(reset -> reset.from() != reset.to())
            .sorted(
                Comparator.comparing(PartitionReset::topic)
                    .thenComparing(PartitionReset::partition))
            .toList();
    if (resets.isEmpty()) {
      throw Problem.conflict(
          "offsets-in-range",
          "Each topic that is there has the position from which the log reads on:"
              + " nothing was reset.");
    }
    return resets;
  }

  private static Uni<Void> move(Mutiny.Session session, List<PartitionReset> resets) {
    return Multi.createFrom()
        .iterable(resets)
        .onItem()
        .transformToUniAndConcatenate(
            reset ->
                session
                    .createNativeQuery(
                        """
                        insert into log_offset values (?1, ?2, ?3)
                        on conflict (topic, partition) do update set next_offset = excluded.next_offset""")
                    .setParameter(1, reset.topic())
                    .setParameter(2, reset.partition())
                    .setParameter(3, reset.to())
                    .executeUpdate())
        .collect()
        .last()
        .replaceWithVoid();
  }
}
