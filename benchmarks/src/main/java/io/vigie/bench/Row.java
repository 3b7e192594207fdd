package io.vigie.bench;

/**
 * One line of the results.
 *
 * @param figures of the product, a figure for each round
 * @param against what it is held against
 * @param againstFigures the other side's, of the same run and in the same unit
 * @param isCounted whether the figure is a count or a size, which no clock has part in
 * @param comment null, or why the goal cannot be judged by this run
 */
record Row(
    String name,
    Samples figures,
    String unit,
    String against,
    Samples againstFigures,
    Goal goal,
    boolean isCounted,
    String comment) {

  /** Beyond this spread between rounds a machine is noisy. */
  static final double NOISY = 0.6;

  Row(
      String name,
      Samples figures,
      String unit,
      String against,
      Samples againstFigures,
      Goal goal) {
    this(name, figures, unit, against, againstFigures, goal, false, null);
  }

  /** The same, without a verdict. */
  Row notJudged(String why) {
    return new Row(name, figures, unit, against, againstFigures, goal, isCounted, why);
  }

  /** The same, where a quick run tells as much as a whole one. */
  Row counted() {
    return new Row(name, figures, unit, against, againstFigures, goal, true, comment);
  }

  /** The same, as a quick run may tell it, which is one round of programs that are not warm. */
  Row ofQuickRun() {
    return comment != null || isCounted
        ? this
        : notJudged("one round of a program that is not warm shows little of its speed");
  }

  double ratio() {
    return figures.figure() / againstFigures.figure();
  }

  /** Whether the rounds differ much, and not any two of them would give the same verdict. */
  boolean isNoisy() {
    boolean verdict = goal.isMetBy(figures.figure(), againstFigures.figure());
    return (figures.spread() > NOISY || againstFigures.spread() > NOISY)
        && (goal.isMetBy(figures.min(), againstFigures.max()) != verdict
            || goal.isMetBy(figures.max(), againstFigures.min()) != verdict);
  }

  /** Null where this run cannot tell. */
  Boolean met() {
    return comment != null || isNoisy()
        ? null
        : goal.isMetBy(figures.figure(), againstFigures.figure());
  }
}
