package io.vigie.audit.siem;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vigie.audit.siem.SiemConfig.Syslog;

/**
 * A syslog receiver: RFC 5424 messages with a {@link CefRecord} in each, framed by octet counting
 * (RFC 6587, 3.4.1) over TCP, or over TLS (RFC 5425).
 *
 * <p>Syslog has no acknowledgements. What was written counts as arrived when the connection is
 * still open 0.2 seconds later or more, when the feed comes back to send the next batch or to look;
 * until then the stored position stays at the beginning of what was written last. So a receiver
 * that stops, crashes or closes the connection gets all of that again when it is back. What can be
 * lost: bytes that a receiver's machine took and its receiver never read, when it dies later than
 * that look, and what is in flight when the network falls silent without closing anything. Who may
 * lose nothing takes topic {@value KafkaTarget#TOPIC}, or has the position moved back.
 */
final class SyslogTarget implements Target {

  private static final int CONNECT_MS = 5_000;
  private static final int PROBE_MS = 200;

  /** Small, so that a batch is not on its way to a peer that has long stopped to read. */
  private static final int SEND_BUFFER = 64 << 10;

  /** Facility 13, log audit. */
  private static final int FACILITY = 13;

  /** Syslog severities for OCSF severity_id 0 to 6. */
  private static final int[] SEVERITY = {5, 6, 5, 4, 3, 2, 1};

  private static final int NO_POSITION = -1;

  private final String host;
  private final int port;
  private final SSLSocketFactory tls;
  private final String sender;
  private Socket socket;
  private long first = NO_POSITION;
  private long next;

  /**
   * The receiver that is configured.
   *
   * @param sender HOSTNAME of the messages
   * @throws ConfigurationException when it cannot be what is meant, or its certificates cannot be
   *     read
   */
  static SyslogTarget of(String name, Syslog config, String sender) {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,40}")) {
      throw new ConfigurationException("vigie.siem.syslog.%s is no name".formatted(name));
    }
    URI url = config.url();
    boolean isTls = "tls".equals(url.getScheme());
    if (!isTls && !"tcp".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 1) {
      throw new ConfigurationException(
          "vigie.siem.syslog.%s.url is tcp://host:port or tls://host:port".formatted(name));
    }
    try {
      return new SyslogTarget(url, isTls ? trusting(config.trust()) : null, sender);
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigurationException("vigie.siem.syslog.%s.trust: %s".formatted(name, e), e);
    }
  }

  private static SSLSocketFactory trusting(Optional<Path> pem)
      throws IOException, GeneralSecurityException {
    if (pem.isEmpty()) {
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream file = Files.newInputStream(pem.get())) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        trusted.setCertificateEntry(Integer.toString(trusted.size()), each);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private SyslogTarget(URI url, SSLSocketFactory tls, String sender) {
    this.host = url.getHost();
    this.port = url.getPort();
    this.tls = tls;
    this.sender = sender;
  }

  @Override
  public long send(List<OcsfRecord> records) throws IOException {
    if (socket == null) {
      socket = connect();
    }
    OutputStream out = socket.getOutputStream();
    for (OcsfRecord record : records) {
      out.write(frame(message(record, sender)));
    }
    out.flush();
    first = records.get(0).index();
    next = records.get(records.size() - 1).index() + 1;
    return first;
  }

  @Override
  public long arrived(long position) {
    if (first == NO_POSITION || first != position) {
      return position; // nothing was written, or another replica or an operator moved it
    }
    if (!isOpen()) {
      close();
      return position;
    }
    first = NO_POSITION;
    return next;
  }

  /** Waits a moment for the other side to have closed. Whatever it may say is of no interest. */
  private boolean isOpen() {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Socket connect() throws IOException {
    Socket plain = new Socket();
    try {
      plain.setSendBufferSize(SEND_BUFFER);
      plain.setKeepAlive(true);
      plain.connect(new InetSocketAddress(host, port), CONNECT_MS);
      plain.setSoTimeout(CONNECT_MS);
      Socket connected = tls == null ? plain : secured(plain);
      connected.setSoTimeout(PROBE_MS);
      return connected;
    } catch (IOException e) {
      plain.close();
      throw new IOException(host + ":" + port + ": " + e.getMessage(), e);
    }
  }

  private SSLSocket secured(Socket plain) throws IOException {
    SSLSocket secured = (SSLSocket) tls.createSocket(plain, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name, as RFC 5425, 5.2 asks
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static byte[] frame(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    byte[] length = (bytes.length + " ").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[length.length + bytes.length];
    System.arraycopy(length, 0, frame, 0, length.length);
    System.arraycopy(bytes, 0, frame, length.length, bytes.length);
    return frame;
  }

  /** The RFC 5424 message: its time is the event's, in milliseconds, its MSGID the index. */
  static String message(OcsfRecord record, String sender) {
    int severity = record.json().path("severity_id").asInt();
    int priority = FACILITY * 8 + (severity < SEVERITY.length ? SEVERITY[severity] : SEVERITY[0]);
    Instant time = Instant.ofEpochMilli(record.json().path("time").longValue());
    return "<%d>1 %s %s vigie - %d - %s"
        .formatted(priority, time, sender, record.index(), CefRecord.of(record));
  }

  @Override
  public void close() {
    first = NO_POSITION;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone, which is what was asked for
      }
      socket = null;
    }
  }
}
