package io.vigie.incident.notice;

import java.util.List;
import java.util.UUID;

import jakarta.mail.internet.MimeMessage;

import io.restassured.response.ValidatableResponse;
import io.vigie.testkit.Rest;
import io.vigie.testkit.SmtpServer;
import io.vigie.testkit.SmtpServer.Received;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** How notices are asked for, and what operators and readers of mail see of them. */
final class Calls {

  static final String OPERATOR = Tokens.of(SYSADMIN);
  static final UUID RIGHT = UUID.randomUUID();

  private Calls() {}

  static String to(UUID person) {
    return "\"person\":\"" + person + "\",";
  }

  /** Asks as access-service does; {@code to} and {@code window} are members of the event. */
  static UUID request(String to, String key, String window) {
    return request(UUID.randomUUID(), to, key, window);
  }

  /** Those of one {@code partition} are read in their order. */
  static UUID request(UUID partition, String to, String key, String window) {
    UUID id = UUID.randomUUID();
    publish(
        id,
        partition,
        """
        {"aggregateId":"%s",%s"template":"right-ends",
         "parameters":{"right":"%s","until":"2036-08-09T22:05:00Z"},
         "dedupeKey":"%s",%s"at":"2026-01-02T03:04:05Z"}"""
            .formatted(id, to, RIGHT, key, window));
    return id;
  }

  static void publish(UUID id, UUID partition, String data) {
    try (Topic requests = Topic.named("vigie.access.events")) {
      requests.publish(
          "notification.requested.v1", "notification/" + id, partition.toString(), data);
    }
  }

  /** What the mail server took, once it has this many. */
  static List<Received> received(int count) {
    await().until(() -> SmtpServer.received().size() >= count);
    return List.copyOf(SmtpServer.received());
  }

  static String text(Received mail) throws Exception {
    MimeMessage message = mail.message();
    return String.valueOf(message.getContent()).replace("\r\n", "\n");
  }

  /** The list of this notice alone. */
  static ValidatableResponse of(UUID notice) {
    return notices("limit=1&after=" + before(notice));
  }

  /** The id before it, so that a page of one behind it has it first. */
  private static UUID before(UUID id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() - 1);
  }

  static ValidatableResponse awaitState(UUID notice, String state) {
    await()
        .untilAsserted(
            () ->
                of(notice)
                    .body("items[0].id", equalTo(notice.toString()))
                    .body("items[0].state", equalTo(state)));
    return of(notice);
  }

  static ValidatableResponse notices(String query) {
    return Rest.as(OPERATOR).get("/v1/notices?" + query).then().statusCode(200);
  }
}
