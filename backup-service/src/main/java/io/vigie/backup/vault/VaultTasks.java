package io.vigie.backup.vault;

import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Actor;
import io.vigie.kernel.security.Roles;
import io.vigie.kernel.web.Task;

/**
 * What somebody else than who asked decides on, accesses to backups and their deletion; how long
 * copies of retired assets are kept; and copies that are kept no longer, of which somebody else
 * proves that they are gone.
 */
@ApplicationScoped
class VaultTasks implements Task.Source {

  private final Actor actor;
  private final Clock clock;

  VaultTasks(Actor actor, Clock clock) {
    this.actor = actor;
    this.clock = clock;
  }

  @Override
  public Uni<List<Task>> waiting(Task.Place after, int limit) {
    if (Stream.of(Roles.SYSADMIN, Roles.CISO).noneMatch(actor::hasRole)) {
      return Uni.createFrom().item(List.of());
    }
    return Multi.createFrom()
        .<Uni<List<Task>>>items(
            accesses(after, limit).map(each -> tasks(each, VaultTasks::task)),
            deletions(after, limit).map(each -> tasks(each, VaultTasks::task)),
            Retentions.undecided(after, limit).map(each -> tasks(each, VaultTasks::task)),
            retentions(after, limit).map(each -> tasks(each, VaultTasks::task)))
        .onItem()
        .transformToUniAndConcatenate(tasks -> tasks)
        .onItem()
        .<Task>disjoint()
        .collect()
        .asList();
  }

  private static <T> List<Task> tasks(List<T> each, Function<T, Task> task) {
    return each.stream().map(task).toList();
  }

  /** The CISO decides on all but their own, system administrators on the CISO's. */
  private Uni<List<BackupAccess>> accesses(Task.Place after, int limit) {
    return BackupAccess.<BackupAccess>find(
            """
            state = REQUESTED and endsAt > ?1 and holder <> ?2 and role in ?3
            and (requestedAt > ?4 or requestedAt = ?4 and id > ?5) order by requestedAt, id""",
            clock.instant(),
            actor.id(),
            actor.hasRole(Roles.CISO) ? List.of(HolderRole.values()) : List.of(HolderRole.CISO),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private Uni<List<BackupDeletion>> deletions(Task.Place after, int limit) {
    return BackupDeletion.<BackupDeletion>find(
            """
            state = REQUESTED and requestedBy <> ?2
            and access in (select a.id from BackupAccess a where a.state = OPEN and a.endsAt > ?1)
            and (requestedAt > ?3 or requestedAt = ?3 and id > ?4) order by requestedAt, id""",
            clock.instant(),
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  /** Not while another decision has the asset's copies kept for longer. */
  private Uni<List<RetentionDecision>> retentions(Task.Place after, int limit) {
    return RetentionDecision.<RetentionDecision>find(
            """
            from RetentionDecision d
            where d.provenAt is null and d.endedAt is null and d.keepUntil <= ?1
            and (d.decidedBy is null or d.decidedBy <> ?2)
            and not exists (select 1 from RetentionDecision other where other.asset = d.asset
              and other.endedAt is null and other.keepUntil > ?1)
            and (d.keepUntil > ?3 or d.keepUntil = ?3 and d.id > ?4) order by d.keepUntil, d.id""",
            clock.instant(),
            actor.id(),
            after.since(),
            after.id())
        .range(0, limit - 1)
        .list();
  }

  private static Task task(Retentions.Undecided undecided) {
    return new Task(
        undecided.asset(),
        "retention-decision.make",
        "asset/" + undecided.asset(),
        "/v1/retention-decisions",
        undecided.since(),
        null);
  }

  private static Task task(RetentionDecision decision) {
    return new Task(
        decision.id(),
        "retention-decision.prove",
        "retention-decision/" + decision.id(),
        "/v1/retention-decisions/" + decision.id() + "/proof",
        decision.state().keepUntil(),
        decision.state().keepUntil());
  }

  private static Task task(BackupAccess access) {
    return new Task(
        access.id(),
        "backup-access.decide",
        "backup-access/" + access.id(),
        "/v1/backup-accesses/" + access.id() + "/approval",
        access.state().requestedAt(),
        access.state().endsAt());
  }

  private static Task task(BackupDeletion deletion) {
    return new Task(
        deletion.id(),
        "backup-deletion.decide",
        "backup-deletion/" + deletion.id(),
        "/v1/backup-deletions/" + deletion.id() + "/approval",
        deletion.state().requestedAt(),
        null);
  }
}
