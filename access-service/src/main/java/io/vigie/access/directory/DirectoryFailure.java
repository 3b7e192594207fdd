package io.vigie.access.directory;

/** Why the directory did not do what it was asked for, in words for operators, without names. */
public final class DirectoryFailure extends RuntimeException {

  private final boolean isAway;

  private DirectoryFailure(String why, boolean isAway) {
    super(why, null, false, false);
    this.isAway = isAway;
  }

  /** It does not answer, or says that it cannot now: the next account would fare no better. */
  public static DirectoryFailure away(String why) {
    return new DirectoryFailure(why, true);
  }

  /** It refuses this. */
  public static DirectoryFailure refused(String why) {
    return new DirectoryFailure(why, false);
  }

  public boolean isAway() {
    return isAway;
  }
}
