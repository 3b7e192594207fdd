package io.vigie.asset.inventory;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vigie.kernel.web.Answer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * An asset as callers see it.
 *
 * @param effective on each axis the higher of its own level and the inherited one
 */
@Schema(name = "Asset")
public record AssetView(
    UUID id, @JsonUnwrapped Asset.State asset, Classification effective, long version) {

  public static AssetView of(Asset asset) {
    return new AssetView(asset.id(), asset.state(), asset.effective(), asset.version());
  }

  /** 200 with the asset and its ETag. */
  public static RestResponse<AssetView> ok(Asset asset) {
    return Answer.ok(of(asset), asset.version());
  }
}
