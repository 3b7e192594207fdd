package io.vigie.access.approval;

/**
 * In what capacity somebody may approve.
 *
 * @param part which approver of the waiting step they stand for
 * @param as what they are: the same, or {@code ACCESS_MANAGER} where nobody can be {@code part}
 * @param onBehalfOf the subject of the absent one in whose place they act; null for themselves
 */
public record Capacity(Approver part, Approver as, String onBehalfOf) {}
