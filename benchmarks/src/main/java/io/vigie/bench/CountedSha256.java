package io.vigie.bench;

import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.concurrent.atomic.AtomicLong;

/** Java's own SHA-256, and how many hashes were made with it while it is the preferred one. */
final class CountedSha256 extends Provider {

  private static final long serialVersionUID = 1;
  private static final String NAME = "SHA-256";

  private final Provider java = Security.getProviders("MessageDigest." + NAME)[0];
  private final AtomicLong hashes = new AtomicLong();

  CountedSha256() {
    super("counted", "1", "SHA-256 with a count");
    putService(
        new Service(this, "MessageDigest", NAME, Counting.class.getName(), null, null) {
          @Override
          public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return new Counting(MessageDigest.getInstance(NAME, java));
          }
        });
  }

  long hashes() {
    return hashes.get();
  }

  private final class Counting extends MessageDigestSpi {

    private final MessageDigest digest;

    Counting(MessageDigest digest) {
      this.digest = digest;
    }

    @Override
    protected void engineUpdate(byte input) {
      digest.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      digest.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      hashes.incrementAndGet();
      return digest.digest();
    }

    @Override
    protected void engineReset() {
      digest.reset();
    }
  }
}
