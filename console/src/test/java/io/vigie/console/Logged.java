package io.vigie.console;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;

/** What one class of the console logs until this is closed. */
public final class Logged implements AutoCloseable {

  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final Handler listener = new Listener(messages);
  private final Logger log;

  /** By the name of the class, which may be its package's own. */
  public Logged(String by) {
    log = Logger.getLogger(by);
    log.addHandler(listener);
  }

  public List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void close() {
    log.removeHandler(listener);
  }

  private static final class Listener extends Handler {

    private final Queue<String> messages;

    private Listener(Queue<String> messages) {
      this.messages = messages;
    }

    @Override
    public void publish(LogRecord line) {
      messages.add(((ExtLogRecord) line).getFormattedMessage());
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
