package io.vigie.bench;

import java.util.List;

/** One question about speed, answered in one or more rows. */
interface Benchmark {

  /** What it is called on the command line; the names of its rows begin with it. */
  String name();

  /** The table that its rows are recorded in. */
  default String table() {
    return name();
  }

  /**
   * Measures. Results are checked after the clock has stopped: a benchmark that did something wrong
   * fails, whatever its figures.
   *
   * @throws Exception when either side failed; there is no figure then
   */
  List<Row> run(Bed bed) throws Exception;
}
