package io.vigie.incident.alert;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.incident.notice.AccessService;
import io.vigie.incident.notice.Hooks;
import io.vigie.incident.notice.Hooks.Received;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.incident.alert.AlertCalls.aRule;
import static io.vigie.incident.alert.AlertCalls.fire;
import static io.vigie.incident.alert.AlertCalls.number;
import static io.vigie.incident.alert.AlertCalls.resolve;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a program and the room of a chat are told of alerts, beside mail. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
@QuarkusTestResource(Hooks.class)
class AlertChannelTest {

  @Inject MovableClock clock;
  @Inject DataSource database;

  @AfterEach
  void nothingFires() throws SQLException {
    AlertCalls.endAll(database);
    Hooks.answer(204);
    clock.backToNow();
  }

  private static List<Received> awaitTold(String path, String text, int count) {
    await().until(() -> Hooks.received(path, text).size() >= count);
    return Hooks.received(path, text);
  }

  @Test
  void aProgramIsToldInJsonThatItCanTrustAndAChatInWords() throws Exception {
    String rule = aRule();
    String id = fire(rule);

    Received told = awaitTold("/program", rule, 1).get(0);
    JsonNode body = new ObjectMapper().readTree(told.body());
    assertEquals("alert-fires", body.path("template").asText());
    assertEquals(id, body.at("/parameters/alert").asText());
    String webhookId = told.headers().getFirst("webhook-id");
    assertEquals(body.path("id").asText(), webhookId);
    String signed =
        webhookId + "." + told.headers().getFirst("webhook-timestamp") + "." + told.body();
    assertEquals("v1," + hmac(signed), told.headers().getFirst("webhook-signature"));
    assertFalse(told.body().contains("Doe"));

    String words = awaitTold("/room", rule, 1).get(0).body();
    assertTrue(new ObjectMapper().readTree(words).path("text").asText().contains("CRITICAL"));
    assertTrue(words.contains("/alerts/" + id), words);

    resolve(rule);
    assertTrue(awaitTold("/program", rule, 2).get(1).body().contains("alert-resolved"));
    awaitTold("/room", rule, 2);
  }

  private static String hmac(String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Hooks.KEY, "HmacSHA256"));
    return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatWasNotTakenIsToldAgainUnderTheSameIdAndItsSecretIsNowhere() throws SQLException {
    Hooks.answer(503);
    String rule = aRule();
    String id = fire(rule);
    String waiting =
        """
        select count(*) from notice where state = 'WAITING' and channel <> 'MAIL'
          and dedupe_key like 'alert/%s/%%' and last_error = 'the other end answered 503'"""
            .formatted(id);
    await().until(() -> number(database, waiting) == 2);

    Hooks.answer(204);
    clock.move(Duration.ofMinutes(2));

    String sent =
        """
        select count(*) from notice where state = 'SENT' and channel <> 'MAIL' and attempts = 2
          and dedupe_key like 'alert/%s/%%'"""
            .formatted(id);
    await().until(() -> number(database, sent) == 2);
    List<Received> told = awaitTold("/program", rule, 2);
    assertEquals(
        told.get(0).headers().getFirst("webhook-id"), told.get(1).headers().getFirst("webhook-id"));
    String secret = "select count(*) from notice where last_error like '%token%'";
    assertEquals(0, number(database, secret));
  }
}
