package io.vigie.backup.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.vigie.backup.copy.Copies;
import io.vigie.backup.copy.Copy;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the rules together ask of the backups of one asset.
 *
 * @param interval from one run to the next at most
 * @param retention how long a copy is kept at least
 * @param copies at least, with the data itself
 * @param age from the start of the newest good run until now at most; null where no rule asks for
 *     any
 * @param because of each aspect, the rule that asks for it
 */
@Schema(name = "BackupRequirement")
record Requirement(
    @JsonFormat(shape = JsonFormat.Shape.STRING) Duration interval,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Duration retention,
    int copies,
    int media,
    int offSite,
    int offlineOrImmutable,
    int tapeOffSite,
    int dedicated,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Duration age,
    List<Reason> because) {

  /** Why so much is asked of an aspect: the rule, what it says, and the clauses that it is for. */
  @Schema(name = "BackupReason")
  record Reason(Aspect aspect, String rule, List<String> policy, PlanRules.Title title) {}

  /** What a plan gives less of than it has to, whatever other plans the asset has. */
  List<Aspect> laxer(Schedule schedule, Copy copy) {
    List<Aspect> laxer = new ArrayList<>();
    if (schedule.interval().compareTo(interval) > 0) {
      laxer.add(Aspect.INTERVAL);
    }
    if (copy != null && copy.retentionDays() != null && copy.retentionDays() < retention.toDays()) {
      laxer.add(Aspect.RETENTION);
    }
    return laxer;
  }

  /** What there is less of than there has to be. */
  List<Aspect> lacking(Copies found) {
    List<Aspect> lacking = new ArrayList<>();
    lackingOf(Aspect.COPIES, found.copies(), copies, lacking);
    lackingOf(Aspect.MEDIA, found.media(), media, lacking);
    lackingOf(Aspect.OFF_SITE, found.offSite(), offSite, lacking);
    lackingOf(Aspect.OFFLINE_OR_IMMUTABLE, found.offlineOrImmutable(), offlineOrImmutable, lacking);
    lackingOf(Aspect.TAPE_OFF_SITE, found.tapeOffSite(), tapeOffSite, lacking);
    lackingOf(Aspect.DEDICATED, found.dedicated(), dedicated, lacking);
    return lacking;
  }

  private static void lackingOf(Aspect aspect, int found, int required, List<Aspect> lacking) {
    if (found < required) {
      lacking.add(aspect);
    }
  }

  /** The title of the rule that asks for so much of this aspect, in English. */
  String why(Aspect aspect) {
    return because.stream()
        .filter(reason -> reason.aspect() == aspect)
        .map(reason -> reason.title().en())
        .findFirst()
        .orElseThrow();
  }
}
