package io.vigie.incident.monitor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The first message of a handshake, made by hand to ask for what the JDK would never offer: old
 * protocols, weak ciphers. Only the first answer is read; no key is agreed on and nothing is sent
 * behind it, so this service takes nothing weak itself.
 *
 * <p>Records are those of RFC 5246 section 6.2.1, messages those of its section 7.4.1 (and of RFC
 * 6101 for SSL 3.0); extensions those of RFC 6066 section 3, RFC 8422 section 5.1, RFC 5246 section
 * 7.4.1.4.1 and RFC 5746 section 3.4.
 */
final class ClientHello {

  static final int SSL_3_0 = 0x0300;
  static final int TLS_1_0 = 0x0301;
  static final int TLS_1_1 = 0x0302;
  static final int TLS_1_2 = 0x0303;

  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int WARNING = 1;
  private static final int SERVER_HELLO = 2;
  private static final int MAX_RECORD = (1 << 14) + 2_048;
  private static final int MAX_RECORDS = 8;

  /** What is before the session's id in a ServerHello: header, version, random. */
  private static final int BEFORE_SESSION = 4 + 2 + 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Suites that are fine, so that a server that takes nothing weak finds one in an old protocol.
   */
  private static final int[] GOOD = {
    0xC02B, 0xC02C, 0xC02F, 0xC030, 0xC009, 0xC00A, 0xC013, 0xC014, 0x0033, 0x0039, 0x009E, 0x009F,
    0xCCA8, 0xCCA9
  };

  /** What a server takes of an offer. */
  record Chosen(int version, int suite) {}

  private final int version;
  private final int[] suites;
  private final String host;

  private ClientHello(int version, int[] suites, String host) {
    this.version = version;
    this.suites = suites;
    this.host = host;
  }

  /**
   * Offers a protocol, and any cipher suite.
   *
   * @param host the name asked for; null for none
   */
  static ClientHello of(int version, String host) {
    int[] all =
        IntStream.concat(
                IntStream.of(GOOD), Stream.of(WeakSuite.values()).mapToInt(WeakSuite::number))
            .toArray();
    return new ClientHello(version, all, host);
  }

  /** Offers these cipher suites, in TLS 1.2 or what is older. */
  static ClientHello of(List<WeakSuite> suites, String host) {
    return new ClientHello(TLS_1_2, suites.stream().mapToInt(WeakSuite::number).toArray(), host);
  }

  /**
   * What the server takes; empty where it refuses, by an alert, by hanging up, or by what is no
   * TLS.
   *
   * @throws IOException where it says nothing in time
   */
  Optional<Chosen> send(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write(record());
      socket.getOutputStream().flush();
      return answer(socket.getInputStream());
    } catch (SocketException | EOFException e) {
      return Optional.empty();
    }
  }

  private byte[] record() {
    byte[] body = body();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.write(HANDSHAKE);
    two(record, Math.min(version, TLS_1_0)); // as RFC 8446 section 5.1 and old servers want it
    two(record, body.length + 4);
    record.write(1); // client_hello
    record.write(0);
    two(record, body.length);
    record.writeBytes(body);
    return record.toByteArray();
  }

  private byte[] body() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    two(body, version);
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    body.writeBytes(random);
    body.write(0); // no session to resume
    two(body, suites.length * 2);
    for (int suite : suites) {
      two(body, suite);
    }
    body.write(1);
    body.write(0); // no compression
    if (version > SSL_3_0) {
      byte[] extensions = extensions();
      two(body, extensions.length);
      body.writeBytes(extensions);
    }
    return body.toByteArray();
  }

  private byte[] extensions() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (host != null) {
      byte[] name = host.getBytes(StandardCharsets.US_ASCII);
      two(all, 0); // server_name
      two(all, name.length + 5);
      two(all, name.length + 3);
      all.write(0); // host_name
      two(all, name.length);
      all.writeBytes(name);
    }
    list(all, 10, 0x001D, 0x0017, 0x0018, 0x0019); // supported_groups: x25519 and NIST's curves
    two(all, 11); // ec_point_formats
    two(all, 2);
    all.write(1);
    all.write(0);
    if (version >= TLS_1_2) {
      // signature_algorithms: RSA, ECDSA and RSA-PSS with SHA-2, and SHA-1
      list(
          all, 13, 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0201,
          0x0203);
    }
    two(all, 0xFF01); // renegotiation_info
    two(all, 1);
    all.write(0);
    return all.toByteArray();
  }

  private static void list(ByteArrayOutputStream out, int extension, int... values) {
    two(out, extension);
    two(out, values.length * 2 + 2);
    two(out, values.length * 2);
    for (int value : values) {
      two(out, value);
    }
  }

  private static void two(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  /** The ServerHello (RFC 5246 section 7.4.1.3), which may come in several records. */
  private Optional<Chosen> answer(InputStream in) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (int n = 0; n < MAX_RECORDS; n++) {
      byte[] header = exactly(in, 5);
      int length = two(header, 3);
      if (length == 0 || length > MAX_RECORD) {
        return Optional.empty();
      }
      if (header[0] == ALERT) {
        if (exactly(in, length)[0] == WARNING) { // of the name, for example
          continue;
        }
        return Optional.empty();
      }
      if (header[0] != HANDSHAKE) {
        return Optional.empty();
      }
      message.writeBytes(exactly(in, length));
      byte[] hello = message.toByteArray();
      if (hello[0] != SERVER_HELLO) {
        return Optional.empty();
      }
      if (hello.length > BEFORE_SESSION) {
        int suite = BEFORE_SESSION + 1 + (hello[BEFORE_SESSION] & 0xFF);
        if (hello.length >= suite + 2) {
          return Optional.of(new Chosen(two(hello, 4), two(hello, suite)))
              .filter(chosen -> chosen.version() <= version);
        }
      }
    }
    return Optional.empty();
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static int two(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }
}
