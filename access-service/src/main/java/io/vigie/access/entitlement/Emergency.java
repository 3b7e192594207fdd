package io.vigie.access.entitlement;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.EmbeddedColumnNaming;

import static io.vigie.kernel.Problem.conflict;

/**
 * What who broke the glass owes: to say why, in time, so that somebody else can accept it.
 *
 * @param justifyBy until when
 * @param justified why, by its holder; null as long as they did not say
 * @param accepted by somebody else; null as long as nobody did
 * @param missedAt when it was noted that the time was over; null where they said why in time
 */
@Schema(name = "RightEmergency")
@Embeddable
public record Emergency(
    @Column(name = "justify_by") Instant justifyBy,
    @Embedded @EmbeddedColumnNaming("justified_%s") Act justified,
    @Embedded @EmbeddedColumnNaming("accepted_%s") Act accepted,
    @Column(name = "missed_at") Instant missedAt) {

  Emergency(Instant justifyBy) {
    this(justifyBy, null, null, null);
  }

  /** Late is better than never: it is taken after its time, too. */
  Emergency justified(Act justification) {
    if (justified != null) {
      throw conflict("justified", "It was said why already. Somebody else accepts that, or asks.");
    }
    return new Emergency(justifyBy, justification, null, missedAt);
  }

  Emergency accepted(Act acceptance) {
    if (justified == null || accepted != null) {
      throw conflict(
          "nothing-to-accept", "Either nobody said why yet, or it was accepted already.");
    }
    return new Emergency(justifyBy, justified, acceptance, missedAt);
  }

  Emergency missed(Instant at) {
    if (justified != null || missedAt != null || justifyBy.isAfter(at)) {
      throw conflict("not-missed", "It was said why, or there is time left to say it.");
    }
    return new Emergency(justifyBy, null, null, at);
  }
}
