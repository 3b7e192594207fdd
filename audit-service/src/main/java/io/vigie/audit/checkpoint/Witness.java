package io.vigie.audit.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Proof;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.VerifierKey;

/**
 * An outsider who cosigns this log's checkpoints (C2SP tlog-witness): its submission prefix and its
 * key.
 */
final class Witness {

  /** Where the hashes of a proof come from. */
  interface Proofs {
    List<byte[]> hashes(Proof proof) throws SQLException;
  }

  /** It has cosigned a later checkpoint than the one it was shown. */
  static final class Ahead extends IOException {

    private final long size;

    Ahead(long size, long ours) {
      super("knows a checkpoint of %d entries, later than ours of %d".formatted(size, ours));
      this.size = size;
    }

    /** Entries that its checkpoint covers. */
    long size() {
      return size;
    }
  }

  /** It has cosigned a checkpoint that the one it was shown does not extend. */
  static final class Contradiction extends IOException {

    private final long size;

    Contradiction(long size) {
      super("knows a checkpoint of %d entries that ours does not extend".formatted(size));
      this.size = size;
    }

    /** Entries that its checkpoint covers. */
    long size() {
      return size;
    }
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Status of an answer that says which size the witness knows. */
  private static final int OTHER_SIZE = 409;

  /** Status of an answer that says that a proof does not hold. */
  private static final int INCONSISTENT = 422;

  private final URI address;
  private final VerifierKey key;
  private long size;

  private Witness(URI address, VerifierKey key) {
    this.address = address;
    this.key = key;
  }

  /**
   * Reads {@code <submission prefix> <vkey>}.
   *
   * @throws IllegalArgumentException when the text is not that
   */
  static Witness parse(String text) {
    String[] parts = text.strip().split(" +");
    if (parts.length != 2) {
      throw new IllegalArgumentException("a witness is <submission prefix> <vkey>: " + text);
    }
    return new Witness(
        URI.create(parts[0].replaceAll("/$", "") + "/add-checkpoint"), VerifierKey.parse(parts[1]));
  }

  String name() {
    return key.name();
  }

  /** The size that it is known to have cosigned; 0 before the first time. */
  long size() {
    return size;
  }

  /** Starts from a size that it has cosigned. */
  void startFrom(long size) {
    this.size = size;
  }

  /**
   * Shows it a checkpoint, with the proof that it extends the last one it saw.
   *
   * @return its signature line, verified
   * @throws Ahead when it says that it has cosigned a later one
   * @throws Contradiction when it says that it has cosigned one of another past
   * @throws IOException when it does not answer, or not with its cosignature; the message says what
   *     it answered
   */
  String cosign(Published checkpoint, Proofs proofs)
      throws IOException, SQLException, InterruptedException {
    HttpResponse<String> answer = submit(checkpoint, proofs);
    if (answer.statusCode() == OTHER_SIZE) {
      size = otherSize(answer.body(), checkpoint.size());
      answer = submit(checkpoint, proofs);
    }
    if (contradicts(answer, checkpoint.size())) {
      throw new Contradiction(size);
    }
    if (answer.statusCode() != 200) {
      throw new IOException("answered " + answer.statusCode() + " to a checkpoint");
    }
    String line = cosignature(answer.body(), checkpoint);
    size = checkpoint.size();
    return line;
  }

  private HttpResponse<String> submit(Published checkpoint, Proofs proofs)
      throws IOException, SQLException, InterruptedException {
    StringBuilder body = new StringBuilder("old ").append(size).append('\n');
    if (size > 0 && size < checkpoint.size()) {
      for (byte[] hash : proofs.hashes(MerkleTree.consistency(size, checkpoint.size()))) {
        body.append(Base64.getEncoder().encodeToString(hash)).append('\n');
      }
    }
    body.append('\n').append(checkpoint.note());
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  /** Another root of the same size gets 409 by the standard, with that size. */
  private boolean contradicts(HttpResponse<String> answer, long ours) throws IOException {
    return answer.statusCode() == INCONSISTENT && size > 0
        || answer.statusCode() == OTHER_SIZE
            && size == ours
            && otherSize(answer.body(), ours) == ours;
  }

  private static long otherSize(String body, long ours) throws IOException {
    String text = body.strip();
    if (!text.matches("0|[1-9][0-9]{0,17}")) {
      throw new IOException("answered 409 without the size that it knows");
    }
    long size = Long.parseLong(text);
    if (size > ours) {
      throw new Ahead(size, ours);
    }
    return size;
  }

  private String cosignature(String lines, Published checkpoint) throws IOException {
    String text = Note.parse(checkpoint.note()).text();
    try {
      for (String line : List.of(lines.strip().split("\n"))) {
        if (key.verifies(text, Note.Signature.parse(line))) {
          return line;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("answered what is no signature: " + e.getMessage());
    }
    throw new IOException("answered without a cosignature of its key");
  }
}
