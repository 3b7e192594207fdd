package io.vigie.bench.envers;

import java.time.Instant;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Creates, as the framework's guides write a controller. */
@RestController
@RequestMapping("/v1/assets")
public class AssetController {

  private final Assets assets;

  AssetController(Assets assets) {
    this.assets = assets;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Asset create(@RequestBody Asset asset) {
    asset.state = "IN_STOCK";
    asset.registeredAt = Instant.now();
    return assets.save(asset);
  }
}
