package io.vigie.access.approval;

import java.time.Instant;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One approval.
 *
 * @param step the step of the path that it counts for, from 0
 * @param part which approver of that step it stands for
 * @param as what its giver is; {@code ACCESS_MANAGER} in another part says that it fell to them,
 *     since there was nobody else
 * @param by the subject of its giver
 * @param onBehalfOf the subject of the absent one in whose place it was given, or null
 */
@Schema(name = "Approval")
public record Approval(
    int step, Approver part, Approver as, String by, String onBehalfOf, Instant at) {}
