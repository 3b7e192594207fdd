package io.vigie.access.review;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.access.client.ClientAccessState;
import io.vigie.access.entitlement.EntitlementType;
import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.RightState;
import io.vigie.access.entitlement.Sensitivity;
import io.vigie.access.person.ServiceAccountState;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a reviewer has to know to answer.
 *
 * @param right null where it is about one of the next two, as is all that rights alone have
 * @param serviceAccount the account of a program, or null
 * @param clientAccess an access to a client's data, or null
 * @param person who has it, or answers for the account
 * @param name of the entitlement, the program or the client
 * @param reason why it was asked for, what the program does, or the clause or instruction on which
 *     the client's data is touched; null where a profile gives it
 * @param serviceAccountState of the account of a program alone
 * @param clientAccessState of an access to a client's data alone
 * @param lastCertifiedAt when a review kept it the last time, or null
 * @param lastSignInAt when its holder last signed in, to anything; null where that is not known, as
 *     it is of no program: directories tell when people sign in
 * @param unused they neither signed in nor got it for the time that the policy sets. Null for
 *     zones, keys and badges, of which signing in says nothing, and for programs, of which nobody
 *     tells when they do
 * @param stage which of {@code stages} is to be answered, or was answered last
 * @param reviewer the person whose answer is waited for, or was; null for the access managers
 * @param certifiedAt when it was certified or reduced in this campaign, or null
 * @param confirmedAt when it was confirmed that what was revoked is gone, or null
 */
@Schema(name = "ReviewItem")
record Item(
    UUID id,
    UUID right,
    UUID serviceAccount,
    UUID clientAccess,
    UUID person,
    String givenName,
    String familyName,
    UUID entitlement,
    String name,
    EntitlementType type,
    UUID asset,
    Sensitivity sensitivity,
    Ground ground,
    UUID profile,
    String reason,
    Instant validUntil,
    RightState rightState,
    ServiceAccountState serviceAccountState,
    ClientAccessState clientAccessState,
    Instant lastCertifiedAt,
    Instant lastSignInAt,
    Boolean unused,
    int stage,
    int stages,
    UUID reviewer,
    ReviewState state,
    Instant certifiedAt,
    Instant confirmedAt,
    List<Given> answers,
    long version) {

  /**
   * An answer that was given.
   *
   * @param by the subject of who gave it
   * @param receipt where the log proves it
   */
  @Schema(name = "ReviewAnswer")
  record Given(
      int stage,
      Verdict decision,
      String by,
      Instant at,
      String reason,
      Instant until,
      UUID delegate,
      String receipt) {}
}
