package io.vigie.stack;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MailSinkTest {
  private final MailSink sink =
      new MailSink(Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));

  @Test
  void anEmptySinkSaysSo() {
    assertTrue(sink.page().contains("No mail yet."));
  }

  @Test
  void aMailIsDecodedAndEscaped() {
    sink.keep(
        "incident@vigie.example",
        List.of("ciso@vigie.example"),
        """
        Subject: =?UTF-8?B?w4l2w6luZW1lbnQ=?= <script>
        Content-Type: text/plain; charset=UTF-8

        Perdu & "volé"
        """
            .getBytes(UTF_8));

    MailSink.Message kept = sink.mails().get(0);
    assertEquals("Événement <script>", kept.subject());
    assertTrue(sink.page().contains("Événement &lt;script&gt;"));
    assertTrue(sink.page().contains("Perdu &amp; &quot;volé&quot;"));
    assertFalse(sink.page().contains("<script>"));
  }

  @Test
  void onlyTheLastMailsAreKeptNewestFirst() {
    for (int i = 1; i <= MailSink.KEPT + 1; i++) {
      sink.keep(
          "a@vigie.example",
          List.of("b@vigie.example"),
          ("Subject: " + i + "\n\n").getBytes(UTF_8));
    }

    assertEquals(MailSink.KEPT, sink.mails().size());
    assertEquals(String.valueOf(MailSink.KEPT + 1), sink.mails().get(0).subject());
    assertEquals("2", sink.mails().get(MailSink.KEPT - 1).subject());
  }
}
