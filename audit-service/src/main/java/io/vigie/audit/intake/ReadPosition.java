package io.vigie.audit.intake;

/**
 * Where somebody who reads the published log from its beginning to its end is.
 *
 * @param next the entry that comes next
 * @param resumeAt after a succession, where to go on once entry 0, the succession itself, was read;
 *     null otherwise
 */
public record ReadPosition(long next, Long resumeAt) {

  /** The position when everything before {@code index} was read. */
  public ReadPosition reached(long index) {
    return resumeAt != null && index > 0
        ? new ReadPosition(resumeAt, null)
        : new ReadPosition(index, resumeAt);
  }

  /** How many entries to read at once: the succession comes by itself. */
  public int atMost(int batch) {
    return resumeAt == null ? batch : 1;
  }

  /** How many of the published entries were not read yet. */
  public long behind(long published) {
    return Math.max(0, published - (resumeAt == null ? next : resumeAt - 1));
  }
}
