package io.vigie.chaos;

/**
 * One thing that a client wants to happen, and what it was told of it.
 *
 * <p>It causes one event of its type, which is known by its mark (a text that no other write's
 * event holds), or by its object where that has one such event at most.
 */
final class Write {

  /** What the client knows. */
  enum Fate {
    /** An answer said that it is done. */
    DONE,
    /** An answer said that it is not, and none before it was lost. */
    REFUSED,
    /** An answer was lost, or said "try later", and the client gave up. */
    UNKNOWN
  }

  private final String type;
  private final String text;
  private final boolean marked;
  private volatile String subject;
  private volatile String event;
  private volatile String actor;
  private volatile Fate fate = Fate.UNKNOWN;
  private volatile boolean repeated;
  private volatile String otherAnswer;

  private Write(String type, String text, boolean marked, String subject) {
    this.type = type;
    this.text = text;
    this.marked = marked;
    this.subject = subject;
  }

  /** One that makes an object, or changes one in a way that can be told from any other. */
  static Write marked(String type, String mark) {
    return new Write(type, mark, true, null);
  }

  /** One that happens to this object once at most. */
  static Write to(String subject, String type) {
    return to(subject, type, null);
  }

  /** One that happens to this object once at most with this text in its event. */
  static Write to(String subject, String type, String text) {
    return new Write(type, text, false, subject);
  }

  String type() {
    return type;
  }

  /** Whether its text alone tells its event from any other. */
  boolean isMarked() {
    return marked;
  }

  /** A new value that the event tells of; null where its object and type suffice. */
  String text() {
    return text;
  }

  /** {@code kind/id}; null while unknown. */
  String subject() {
    return subject;
  }

  /** The id of its event, from the answer's receipt; null while unknown. */
  String event() {
    return event;
  }

  /** Who asked for it, as services know them; null where nobody did, or that is not known. */
  String actor() {
    return actor;
  }

  void by(String subject) {
    actor = subject;
  }

  Fate fate() {
    return fate;
  }

  void done(String ofSubject, String byEvent) {
    if (ofSubject != null) {
      subject = ofSubject;
    }
    event = byEvent;
    fate = Fate.DONE;
  }

  void refused() {
    fate = Fate.REFUSED;
  }

  /**
   * It was asked for again under its key, and answered.
   *
   * @param other what was answered; null where it was the same
   */
  void repeated(String other) {
    repeated = true;
    otherAnswer = other;
  }

  boolean isRepeated() {
    return repeated;
  }

  /** What it was answered when it was asked for again; null where that is as before. */
  String otherAnswer() {
    return otherAnswer;
  }

  @Override
  public String toString() {
    return type + " of " + (subject == null ? "what bears " + text : subject);
  }
}
