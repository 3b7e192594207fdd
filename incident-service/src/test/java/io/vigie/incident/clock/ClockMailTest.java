package io.vigie.incident.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.incident.notice.AccessService;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import io.vigie.testkit.SmtpServer.Received;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.RESPONDER;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the CISO finds in the mailbox of an incident that somebody gave a bad title. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
class ClockMailTest {

  private static final String RESPONDER_TOKEN = Tokens.of(RESPONDER);
  private static final String BAD =
      "<img src=x onerror=alert(1)> {console} \r\nBcc: eve@evil.example";

  @Inject MovableClock clock;

  @BeforeEach
  void mailIsTaken() {
    SmtpServer.open();
  }

  @AfterEach
  void backToNow() {
    SmtpServer.close();
    clock.backToNow();
  }

  private static Response post(String path, Map<String, ?> body) {
    return Rest.as(RESPONDER_TOKEN).header("If-Match", "*").body(body).post(path);
  }

  @Test
  void htmlInATitleReachesNoMail() throws Exception {
    String event =
        post(
                "/v1/security-events",
                Map.of("title", BAD, "description", BAD, "occurredAt", "2026-01-02T03:04:05Z"))
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    String incident =
        post(
                "/v1/security-events/" + event + "/promotion",
                Map.of("category", "OTHER", "severity", 1))
            .path("id");
    String id =
        post(
                "/v1/incidents/" + incident + "/classification",
                Map.of("regimes", List.of("gdpr-33-1"), "awareAt", Instant.now().toString()))
            .path("clocks[0].id");

    clock.move(Duration.ofHours(73));

    await().atMost(Duration.ofMinutes(3)).until(() -> !mails(id).isEmpty());
    for (Received mail : mails(id)) {
      assertEquals(AccessService.CISO_MAILBOX, mail.recipient());
      assertTrue(mail.message().isMimeType("text/plain"), mail.message().getContentType());
      String whole = mail.message().getSubject() + text(mail);
      for (String bad : List.of("<", "onerror", "eve@evil.example", "{console}")) {
        assertFalse(whole.contains(bad), whole);
      }
    }
  }

  private static List<Received> mails(String clock) {
    return SmtpServer.received().stream().filter(mail -> text(mail).contains(clock)).toList();
  }

  private static String text(Received mail) {
    try {
      return String.valueOf(mail.message().getContent());
    } catch (MessagingException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
