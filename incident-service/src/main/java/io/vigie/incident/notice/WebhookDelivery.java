package io.vigie.incident.notice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vigie.incident.monitor.WebPost;
import io.vigie.incident.notice.Addressees.Addressee;

/**
 * To a program, in JSON, with the headers of Standard Webhooks 1.0: {@code webhook-id}, by which it
 * knows a repetition, {@code webhook-timestamp} in seconds since 1970, and {@code
 * webhook-signature}, which is {@code v1,} and the HMAC-SHA256 over id, timestamp and body, with
 * dots between, in Base64.
 */
@ApplicationScoped
class WebhookDelivery implements Delivery {

  private static final String SECRET = "whsec_";
  private static final int SHORTEST_SECRET = 24;

  private record Body(
      UUID id, String template, Map<String, String> parameters, Instant requestedAt) {}

  private final NoticeSettings settings;
  private final WebPost posts;
  private final ObjectMapper json;
  private final Clock clock;

  WebhookDelivery(NoticeSettings settings, WebPost posts, ObjectMapper json, Clock clock) {
    this.settings = settings;
    this.posts = posts;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public Channel channel() {
    return Channel.WEBHOOK;
  }

  @Override
  public Uni<Void> deliver(Notice notice, Addressee person) {
    NoticeSettings.Webhook webhook =
        settings
            .webhook()
            .orElseThrow(() -> new IllegalStateException("no webhook: set vigie.notices.webhook"));
    String id = notice.id().toString();
    String time = Long.toString(clock.instant().getEpochSecond());
    String body = body(notice);
    return posts.post(
        webhook.url(),
        Map.of(
            "webhook-id",
            id,
            "webhook-timestamp",
            time,
            "webhook-signature",
            "v1," + signature(key(webhook.secret()), id + "." + time + "." + body)),
        body);
  }

  private String body(Notice notice) {
    try {
      return json.writeValueAsString(
          new Body(
              notice.id(), notice.template(), notice.parameters(), notice.state().requestedAt()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] key(String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^" + SECRET, ""));
      if (secret.startsWith(SECRET) && key.length >= SHORTEST_SECRET) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // said below, without the secret
    }
    throw new IllegalStateException(
        "vigie.notices.webhook.secret is not %s and %d bytes at least in Base64"
            .formatted(SECRET, SHORTEST_SECRET));
  }

  static String signature(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
