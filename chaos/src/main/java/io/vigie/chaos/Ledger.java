package io.vigie.chaos;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Every write that any client began, with what became of it as far as the clients know. */
final class Ledger {

  private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

  Write begin(Write write) {
    writes.add(write);
    return write;
  }

  List<Write> writes() {
    return List.copyOf(writes);
  }

  long count(Write.Fate fate) {
    return writes.stream().filter(write -> write.fate() == fate).count();
  }

  /** How many were asked for again under their key, although they were done. */
  long repeated() {
    return writes.stream().filter(Write::isRepeated).count();
  }
}
