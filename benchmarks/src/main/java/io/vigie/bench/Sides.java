package io.vigie.bench;

/** The figures of the platform and of what it is held against, round by round. */
final class Sides {

  private final double[] ours;
  private final double[] theirs;

  Sides(int rounds) {
    ours = new double[rounds];
    theirs = new double[rounds];
  }

  void set(int round, double our, double their) {
    ours[round] = our;
    theirs[round] = their;
  }

  Row row(String name, String unit, String against, Goal goal) {
    return new Row(name, new Samples(ours), unit, against, new Samples(theirs), goal);
  }
}
