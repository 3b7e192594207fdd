package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.VerifierKey;
import io.vigie.verifier.ConsistencyProof;

/** A witness (C2SP tlog-witness) of one log: cosigns what extends the last checkpoint it saw. */
final class HonestWitness implements AutoCloseable {

  static final String NAME = "witness.example/w1";

  private static final long NOW = 1_767_323_045;

  private final HttpServer server;
  private VerifierKey log;
  private final KeyPair keys;
  private Checkpoint seen;

  HonestWitness(VerifierKey log) throws IOException, GeneralSecurityException {
    this.log = log;
    keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/add-checkpoint", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Goes on with another log, of which it has seen nothing. */
  void follow(VerifierKey another) {
    log = another;
    seen = null;
  }

  /** The size that it cosigned last. */
  long size() {
    return seen == null ? 0 : seen.size();
  }

  VerifierKey key() {
    return VerifierKey.parse(
        NAME
            + "+"
            + HexFormat.of().formatHex(id())
            + "+"
            + Base64.getEncoder().encodeToString(typedKey()));
  }

  private byte[] typedKey() {
    byte[] info = keys.getPublic().getEncoded();
    byte[] typed = Arrays.copyOfRange(info, info.length - 33, info.length);
    typed[0] = VerifierKey.COSIGNATURE;
    return typed;
  }

  private byte[] id() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((NAME + "\n").getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(sha256.digest(typedKey()), 4);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int end = body.indexOf("\n\n");
    List<String> lines = List.of(body.substring(0, end).split("\n"));
    Note note = Note.parse(body.substring(end + 2));
    long old = Long.parseLong(lines.get(0).replaceFirst("old ", ""));
    List<byte[]> proof = lines.stream().skip(1).map(LogDatabase::bytes).toList();
    int status = judge(old, proof, note);
    byte[] answer =
        (status == 200 ? cosign(note.text()) : status == 409 ? size() + "\n" : "no")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private int judge(long old, List<byte[]> proof, Note note) {
    Checkpoint shown = Checkpoint.parse(note.text());
    if (!note.isSignedBy(List.of(log))) {
      return 403;
    }
    if (old != size()) {
      return 409;
    }
    boolean isConsistent =
        old == 0
            ? proof.isEmpty()
            : ConsistencyProof.verify(old, shown.size(), proof, seen.root(), shown.root());
    if (!isConsistent) {
      return 422;
    }
    seen = shown;
    return 200;
  }

  private String cosign(String text) {
    try {
      Signature signing = Signature.getInstance("Ed25519");
      signing.initSign(keys.getPrivate());
      signing.update(
          ("cosignature/v1\ntime " + NOW + "\n" + text).getBytes(StandardCharsets.UTF_8));
      byte[] line =
          ByteBuffer.allocate(4 + 8 + 64).put(id()).putLong(NOW).put(signing.sign()).array();
      return "\u2014 " + NAME + " " + Base64.getEncoder().encodeToString(line) + "\n";
    } catch (GeneralSecurityException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
