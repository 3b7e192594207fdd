package io.vigie.stack;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.TooMuchDataException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * Takes every mail and delivers none: a page lists what the services would have sent, and {@code
 * GET /api/messages} gives the same as JSON, newest first. It keeps the last {@value #KEPT} mails,
 * in memory; one larger than {@value #MAX_BYTES} bytes is refused.
 */
final class MailSink {
  static final int KEPT = 3_000;
  static final int MAX_BYTES = 1 << 20;

  /** A mail as it is shown. Its text is the first text part, HTML sources included. */
  record Message(
      long id,
      Instant at,
      String messageId,
      String from,
      List<String> to,
      String subject,
      String text) {}

  private final Deque<Message> mails = new ArrayDeque<>();
  private final Clock clock;
  private long received;

  MailSink(Clock clock) {
    this.clock = clock;
  }

  /**
   * Runs until it is stopped.
   *
   * @param args the SMTP port, the web page's port, both on the loopback address; and, where
   *     nothing is to be taken or shown in plain, the files of a certificate and its key
   */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    MailSink sink = new MailSink(Clock.systemUTC());
    SSLContext tls = args.length > 2 ? Tls.showing(Path.of(args[2]), Path.of(args[3])) : null;
    InetAddress loopback = InetAddress.getByName(Site.LOOPBACK);
    SMTPServer.Builder smtp =
        SMTPServer.port(Integer.parseInt(args[0]))
            .bindAddress(loopback)
            .maxMessageSize(MAX_BYTES)
            .messageHandlerFactory(context -> sink.new Reception());
    if (tls != null) {
      smtp.enableTLS().requireTLS().startTlsSocketFactory(tls, false);
    }
    smtp.build().start();
    InetSocketAddress page = new InetSocketAddress(loopback, Integer.parseInt(args[1]));
    HttpServer web;
    if (tls == null) {
      web = HttpServer.create(page, 0);
    } else {
      HttpsServer encrypted = HttpsServer.create(page, 0);
      encrypted.setHttpsConfigurator(new HttpsConfigurator(tls));
      web = encrypted;
    }
    web.createContext("/", sink::answer);
    web.start();
  }

  synchronized void keep(String from, List<String> to, byte[] source) {
    String messageId = "";
    String subject;
    String text;
    try {
      MimeMessage message = new MimeMessage(null, new ByteArrayInputStream(source));
      messageId = Objects.requireNonNullElse(message.getMessageID(), "");
      subject = message.getSubject();
      text = text(message);
    } catch (MessagingException | IOException e) {
      subject = "(unreadable: " + e.getMessage() + ")";
      text = new String(source, StandardCharsets.UTF_8);
    }
    mails.addFirst(
        new Message(
            ++received,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            messageId,
            from,
            List.copyOf(to),
            subject == null ? "(no subject)" : subject,
            text));
    while (mails.size() > KEPT) {
      mails.removeLast();
    }
  }

  synchronized List<Message> mails() {
    return List.copyOf(mails);
  }

  private static String text(Part part) throws MessagingException, IOException {
    if (part.isMimeType("text/*")) {
      return String.valueOf(part.getContent());
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        String text = text(parts.getBodyPart(i));
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/" -> send(exchange, 200, "text/html; charset=utf-8", page());
        case "/api/messages" -> send(exchange, 200, "application/json", json());
        default ->
            send(
                exchange,
                404,
                "text/plain; charset=utf-8",
                "There are two pages: / and /api/messages\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange
        .getResponseHeaders()
        .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private String json() throws IOException {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Message mail : mails()) {
      messages.add(
          Map.of(
              "id", mail.id(),
              "at", mail.at().toString(),
              "messageId", mail.messageId(),
              "from", mail.from(),
              "to", mail.to(),
              "subject", mail.subject(),
              "text", mail.text()));
    }
    return Http.JSON.writeValueAsString(messages);
  }

  String page() {
    StringBuilder html =
        new StringBuilder(
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Mail sink</title>
            <style>body{font:16px/1.5 system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}
            article{border-top:1px solid #999;padding:.5rem 0}h2{font-size:1.1rem;margin:0}
            pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
            <h1>Mail sink</h1>
            """);
    List<Message> shown = mails();
    if (shown.isEmpty()) {
      html.append(
          "<p>No mail yet. What the services send appears here; nothing leaves this machine.</p>");
    }
    for (Message mail : shown) {
      html.append("<article><h2>")
          .append(escape(mail.subject()))
          .append("</h2><p><time>")
          .append(mail.at());
      html.append("</time> from ")
          .append(escape(mail.from()))
          .append(" to ")
          .append(escape(String.join(", ", mail.to())));
      html.append("</p><pre>").append(escape(mail.text())).append("</pre></article>\n");
    }
    return html.append("</html>\n").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** One SMTP transaction. */
  private final class Reception implements MessageHandler {
    private final List<String> to = new ArrayList<>();
    private String from = "";

    @Override
    public void from(String sender) {
      from = sender;
    }

    @Override
    public void recipient(String recipient) {
      to.add(recipient);
    }

    @Override
    public String data(InputStream data) throws IOException {
      byte[] source = data.readNBytes(MAX_BYTES + 1);
      if (source.length > MAX_BYTES) {
        throw new TooMuchDataException();
      }
      keep(from, to, source);
      return null;
    }

    @Override
    public void done() {
      // Everything happened in data().
    }
  }
}
