package io.vigie.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** A mail server that the service under test sends to, when it is not away. */
public final class SmtpServer implements QuarkusTestResourceLifecycleManager {

  /** A mail as one recipient got it. */
  public record Received(String recipient, MimeMessage message) {}

  private static final List<Received> RECEIVED = new CopyOnWriteArrayList<>();

  private static int port;
  private static SMTPServer server;

  @Override
  public Map<String, String> start() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Map.of(
        "quarkus.mailer.host",
        InetAddress.getLoopbackAddress().getHostAddress(),
        "quarkus.mailer.port",
        Integer.toString(port));
  }

  /** Nobody takes mail for an address that begins with {@code nobody}. */
  public static void open() {
    server =
        SMTPServer.port(port)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandlerFactory(context -> new Reception())
            .build();
    server.start();
  }

  /** From now on nobody takes mail, and what was received is forgotten. */
  public static void close() {
    if (server != null) {
      server.stop();
      server = null;
    }
    RECEIVED.clear();
  }

  /** Since it was opened, once for each recipient. */
  public static List<Received> received() {
    return RECEIVED;
  }

  @Override
  public void stop() {
    close();
  }

  private static final class Reception implements MessageHandler {

    private final List<String> recipients = new ArrayList<>();

    @Override
    public void from(String from) {
      // of no interest
    }

    @Override
    public void recipient(String recipient) throws RejectException {
      if (recipient.startsWith("nobody")) {
        throw new RejectException(550, "no such mailbox");
      }
      recipients.add(recipient);
    }

    @Override
    public String data(InputStream data) throws IOException {
      try {
        byte[] source = data.readAllBytes();
        for (String recipient : recipients) {
          RECEIVED.add(
              new Received(recipient, new MimeMessage(null, new ByteArrayInputStream(source))));
        }
      } catch (MessagingException e) {
        throw new IOException(e);
      }
      return null;
    }

    @Override
    public void done() {
      // the connection ends
    }
  }
}
