package io.vigie.audit.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.audit.EvidenceRequestState.ACCEPTED;
import static io.vigie.audit.audit.EvidenceRequestState.ANSWERED;
import static io.vigie.audit.audit.EvidenceRequestState.ASKED;
import static io.vigie.audit.audit.EvidenceRequestState.WITHDRAWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Whatever is asked for in an audit and answered, in whatever order, by whomever. */
class EvidenceRequestLifeTest {

  private static final Instant FROM = Instant.parse("2026-01-02T03:00:00Z");
  private static final String AUDITOR = "carol";

  enum Act {
    ASK,
    ASSIGN,
    ASSIGN_TO_AUDITOR,
    ANSWER,
    ANSWER_AS_AUDITOR,
    ACCEPT,
    SEND_BACK,
    WITHDRAW,
    CLOSE
  }

  private Audit audit;
  private final List<EvidenceRequest> requests = new ArrayList<>();
  private final Map<UUID, EvidenceRequestState> expected = new HashMap<>();

  @Property(tries = 500)
  void whatIsAskedIsAnsweredBySomebodyElseUntilTheAuditorAcceptsOrWithdrawsIt(
      @ForAll @Size(max = 60) List<Act> acts,
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 5) Integer> which) {
    requests.clear();
    expected.clear();
    begin();
    for (int i = 0; i < acts.size(); i++) {
      Instant now = FROM.plusSeconds(60L * (i + 1));
      int asked = which.get(i % which.size());
      EvidenceRequest request = requests.isEmpty() ? null : requests.get(asked % requests.size());
      Act act = acts.get(i);
      Audit.State before = audit.state();
      List<EvidenceRequest.View> requestsBefore = views();

      ControlAuditEvent event = unlessRefused(() -> decide(act, request, now));

      if (event == null) {
        assertEquals(before, audit.state(), "refused, and yet it changed");
        assertEquals(requestsBefore, views(), "refused, and yet a request changed");
      } else {
        assertEquals(now, event.at());
        assertEquals(AuditState.BEGUN, before.state(), "over, and yet it changed");
      }
      holds();
    }
    Statistics.label("asked for at the end").collect(requests.size());
  }

  private void begin() {
    audit =
        new Audit(
            "Access control",
            AuditKind.INTERNAL,
            new Audit.Scope(Set.of("R4.1", "R4.6"), Set.of()),
            AUDITOR,
            new Audit.Period(FROM, FROM.plusSeconds(36_000)),
            FROM);
    audit.begin(FROM);
  }

  private void holds() {
    Audit.State now = audit.state();
    assertEquals(requests.size(), now.requests());
    requests.forEach(request -> assertEquals(expected.get(request.id()), request.state()));
    assertEquals(
        requests.stream().filter(request -> request.state() == ASKED).count(), now.unanswered());
  }

  private List<EvidenceRequest.View> views() {
    return requests.stream().map(EvidenceRequest::view).toList();
  }

  private ControlAuditEvent decide(Act act, EvidenceRequest request, Instant now) {
    if (act == Act.ASK) {
      return ask(now);
    }
    if (act == Act.CLOSE) {
      // Late, so that most is asked for by then.
      return now.isBefore(FROM.plusSeconds(2_400)) ? null : audit.close(now);
    }
    if (request == null) {
      return null;
    }
    EvidenceRequestState was = request.state();
    return switch (act) {
      case ASSIGN -> {
        ControlAuditEvent assigned = audit.assign(request, "ann", now);
        assertEquals(ASKED, was, "assigned, and nothing was to be answered");
        yield assigned;
      }
      case ASSIGN_TO_AUDITOR -> {
        audit.assign(request, AUDITOR, now);
        throw new AssertionError("assigned to whoever asked");
      }
      case ANSWER -> {
        ControlAuditEvent answered =
            audit.answer(request, "here", Set.of(7L, 3L), Set.of(), "bob", now);
        assertEquals(ASKED, was, "answered, and nothing was to be answered");
        ControlAuditEvent.EvidenceAnswered what = (ControlAuditEvent.EvidenceAnswered) answered;
        assertEquals(List.of(3L, 7L), what.entries());
        assertEquals(now.isAfter(request.dueAt()), what.late(), "late");
        yield became(request, ANSWERED, answered);
      }
      case ANSWER_AS_AUDITOR -> {
        audit.answer(request, "here", Set.of(), Set.of(), AUDITOR, now);
        throw new AssertionError("answered by whoever asked");
      }
      case ACCEPT -> {
        ControlAuditEvent accepted = audit.review(request, true, null, now);
        assertEquals(ANSWERED, was, "accepted without an answer");
        yield became(request, ACCEPTED, accepted);
      }
      case SEND_BACK -> {
        ControlAuditEvent sentBack = audit.review(request, false, "not that", now);
        assertEquals(ANSWERED, was, "sent back without an answer");
        yield became(request, ASKED, sentBack);
      }
      default -> became(request, WITHDRAWN, audit.withdraw(request, "seen", now));
    };
  }

  private ControlAuditEvent ask(Instant now) {
    EvidenceRequest request =
        new EvidenceRequest(
            audit.id(),
            requests.size() % 2 == 0 ? "R4.6" : null,
            null,
            "x",
            now.plusSeconds(60L * (1 + requests.size() * 7 % 5)),
            AUDITOR,
            now);
    ControlAuditEvent asked = audit.ask(request, now);
    requests.add(request);
    return became(request, ASKED, asked);
  }

  private ControlAuditEvent became(
      EvidenceRequest request, EvidenceRequestState state, ControlAuditEvent event) {
    expected.put(request.id(), state);
    return event;
  }

  private static ControlAuditEvent unlessRefused(Supplier<ControlAuditEvent> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return null;
    }
  }

  @Test
  void anAuditHasAtMostTwoHundredRequests() {
    begin();
    for (int i = 0; i < 200; i++) {
      ask(FROM.plusSeconds(i));
    }

    assertThrows(Problem.class, () -> ask(FROM.plusSeconds(200)));
    assertEquals(200, audit.state().requests());
  }
}
