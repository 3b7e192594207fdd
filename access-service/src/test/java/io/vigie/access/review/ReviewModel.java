package io.vigie.access.review;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What reviews come to, as simply as it can be said: lists, and loops over all of them. Null stands
 * for the access managers where somebody reviews.
 */
final class ReviewModel {

  static final class Worker {
    final String id;
    final String subject;
    final Worker manager;
    final boolean managesAccess;
    boolean hasLeft;

    Worker(String id, String subject, Worker manager, boolean managesAccess) {
      this.id = id;
      this.subject = subject;
      this.manager = manager;
      this.managesAccess = managesAccess;
    }

    private boolean isLedBy(Worker other) {
      return manager != null && (manager == other || manager.isLedBy(other));
    }
  }

  enum Kind {
    RIGHT,
    PROGRAM,
    CLIENT_ACCESS
  }

  static final class Held {
    final String id;
    final Worker holder;
    final Worker owner;
    final Kind kind;
    String state;

    /** A right. */
    Held(String id, Worker holder, Worker owner) {
      this(id, holder, owner, Kind.RIGHT);
    }

    /** The account of a program, for which {@code responsible} answers. */
    static Held program(String id, Worker responsible) {
      return new Held(id, responsible, null, Kind.PROGRAM);
    }

    static Held clientAccess(String id, Worker holder) {
      return new Held(id, holder, null, Kind.CLIENT_ACCESS);
    }

    private Held(String id, Worker holder, Worker owner, Kind kind) {
      this.id = id;
      this.holder = holder;
      this.owner = owner;
      this.kind = kind;
      this.state = live();
    }

    private String live() {
      return kind == Kind.PROGRAM ? "ACTIVE" : "APPROVED";
    }

    private boolean isLive() {
      return state.equals(live()) || state.equals("SUSPENDED");
    }
  }

  static final class Asked {
    final Held right;
    final int stages;
    Worker reviewer;
    Worker second;
    Worker keptBy;
    int stage = 1;
    String state = "PENDING";

    Asked(Held right, int stages, Worker reviewer, Worker second) {
      this.right = right;
      this.stages = stages;
      this.reviewer = reviewer;
      this.second = second;
    }

    private boolean isPending() {
      return state.equals("PENDING") && right.isLive();
    }
  }

  static final class Round {
    final String id;
    final Instant due;
    final Instant grace;
    final List<Asked> items;
    boolean isOpen = true;

    Round(String id, Instant due, Instant grace, List<Asked> items) {
      this.id = id;
      this.due = due;
      this.grace = grace;
      this.items = items;
    }
  }

  final List<Worker> people = new ArrayList<>();
  final List<Held> rights = new ArrayList<>();
  final List<Round> rounds = new ArrayList<>();

  private static Worker present(Worker worker) {
    return worker == null || worker.hasLeft ? null : worker;
  }

  /** What a campaign asks that opens now. */
  List<Asked> items(ReviewerRule rule) {
    List<Asked> items = new ArrayList<>();
    for (Held right : rights) {
      boolean isAsked =
          rounds.stream()
              .filter(round -> round.isOpen)
              .flatMap(round -> round.items.stream())
              .anyMatch(item -> item.right == right && item.state.equals("PENDING"));
      if (!right.isLive() || isAsked) {
        continue;
      }
      Worker manager = present(right.holder.manager);
      if (right.kind != Kind.RIGHT) {
        items.add(new Asked(right, 1, manager, null));
        continue;
      }
      boolean isHolders = right.owner == right.holder || right.owner.isLedBy(right.holder);
      Worker owner = isHolders ? manager : present(right.owner);
      Worker above = manager == null ? null : present(manager.manager);
      items.add(
          switch (rule) {
            case MANAGER -> new Asked(right, 1, manager, null);
            case OWNER -> new Asked(right, 1, owner, null);
            case BOTH ->
                new Asked(right, 2, manager, owner != null && owner == manager ? above : owner);
          });
    }
    return items;
  }

  /** Whether an answer is taken. */
  boolean mayAnswer(Round round, Asked item, Worker by, Verdict verdict, Worker to, Instant now) {
    boolean stepsIn = !round.due.isAfter(now) && by.managesAccess;
    boolean isTheirs = item.reviewer == null ? by.managesAccess : item.reviewer == by;
    if (!item.isPending() || by == item.right.holder || !isTheirs && !stepsIn) {
      return false;
    }
    if (item.keptBy == by || verdict == Verdict.REDUCE && item.right.kind == Kind.CLIENT_ACCESS) {
      return false;
    }
    return verdict != Verdict.DELEGATE
        || !to.hasLeft
            && to != by
            && to != item.reviewer
            && to != item.right.holder
            && !to.isLedBy(item.right.holder)
            && to != item.keptBy;
  }

  void answer(Asked item, Worker by, Verdict verdict, Worker to) {
    switch (verdict) {
      case DELEGATE -> item.reviewer = to;
      case REVOKE -> {
        item.state = "REVOKED";
        item.right.state = item.right.kind == Kind.PROGRAM ? "ENDED" : "REVOKED";
      }
      case CERTIFY, REDUCE -> {
        if (item.stage < item.stages) {
          item.stage++;
          item.keptBy = by;
          item.reviewer = item.second == by ? null : item.second;
        } else {
          item.state = verdict == Verdict.CERTIFY ? "CERTIFIED" : "REDUCED";
          item.right.state = item.right.live();
        }
      }
    }
  }

  void leave(Worker worker) {
    worker.hasLeft = true;
    rights.stream()
        .filter(right -> right.holder == worker && right.kind != Kind.PROGRAM && right.isLive())
        .forEach(right -> right.state = "REVOKED");
    for (Round round : rounds) {
      for (Asked item : round.items) {
        if (item.state.equals("PENDING")) {
          item.reviewer = Objects.equals(item.reviewer, worker) ? null : item.reviewer;
          item.second = Objects.equals(item.second, worker) ? null : item.second;
        }
      }
    }
  }

  /** Silence never approves. */
  void tick(Instant now) {
    rounds.stream()
        .filter(round -> round.isOpen && !round.grace.isAfter(now))
        .flatMap(round -> round.items.stream())
        .filter(Asked::isPending)
        .forEach(
            item ->
                item.right.state = item.right.kind == Kind.CLIENT_ACCESS ? "REVOKED" : "SUSPENDED");
  }

  boolean mayClose(Round round, Instant now) {
    return round.isOpen
        && (!round.grace.isAfter(now) || round.items.stream().noneMatch(Asked::isPending));
  }
}
