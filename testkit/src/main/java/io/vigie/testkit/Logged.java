package io.vigie.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** What the service under test logs until this is closed, as its console has it. */
public final class Logged implements AutoCloseable {

  private static final Logger ALL = Logger.getLogger("");

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Handler listener = new Listener(lines, formatOfTheConsole());

  public Logged() {
    ALL.addHandler(listener);
  }

  private static Formatter formatOfTheConsole() {
    return Stream.of(ALL.getHandlers())
        .filter(ExtHandler.class::isInstance)
        .flatMap(handler -> Stream.of(((ExtHandler) handler).getHandlers()))
        .filter(ConsoleHandler.class::isInstance)
        .map(Handler::getFormatter)
        .findAny()
        .orElseThrow(() -> new IllegalStateException("nothing is logged to the console here"));
  }

  /** All of it so far; what has a stack trace is one of them, too. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Those that hold {@code text}. */
  public List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    ALL.removeHandler(listener);
  }

  /** Writes at once, while what belongs to the line is known to its thread. */
  private static final class Listener extends Handler {

    private final Queue<String> lines;
    private final Formatter format;

    private Listener(Queue<String> lines, Formatter format) {
      this.lines = lines;
      this.format = format;
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(format.format(line));
    }

    @Override
    public void flush() {
      // nothing is kept back
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
