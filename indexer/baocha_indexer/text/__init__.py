"""Characters and words: fold, simplified characters, segmentation by jieba."""
